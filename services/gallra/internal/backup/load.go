package backup

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/fault"
	"gallra.se/libs/pg"
)

// errNotEmpty is a place in which something is.
var errNotEmpty = errors.New("is not empty: restore into a new place, or empty this one first")

// load brings a database back into an empty one: the tables as they were, all rows and numbers in one transaction together
// with finish, then the migrations that came since.
func (c *Copy) load(ctx context.Context, url, name string, finish func(ctx context.Context, tx pgx.Tx) error) error {
	d, ok := c.database(name)
	if !ok {
		return fmt.Errorf("%s holds no database %s: %w", c.Dir, name, ErrBackup)
	}
	if err := empty(ctx, url); err != nil {
		return fmt.Errorf("database %s %w", name, err)
	}
	for _, set := range migrations(name) {
		version, ok := d.Versions[set.Table]
		if !ok {
			continue // made since; the migrations below add it
		}
		if err := pg.MigrateTo(ctx, url, set, version); err != nil {
			return fmt.Errorf("make the tables of %s: %w", name, err)
		}
	}
	conn, err := connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect to database %s: %w", name, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if err := c.rows(ctx, tx, d); err != nil {
			return err
		}
		fault.Point("restore.loaded")
		return finish(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("bring back database %s: %w", name, err)
	}
	return pg.MigrateAll(ctx, url, migrations(name)...)
}

func empty(ctx context.Context, url string) error {
	conn, err := connect(ctx, url)
	if err != nil {
		return fmt.Errorf("cannot be reached: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var tables int
	if err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`).Scan(&tables); err != nil {
		return err
	}
	if tables > 0 {
		return errNotEmpty
	}
	return nil
}

func (c *Copy) rows(ctx context.Context, tx pgx.Tx, d Database) error {
	order, err := parentsFirst(ctx, tx, d.Tables)
	if err != nil {
		return err
	}
	for i := len(order) - 1; i >= 0; i-- { // what migrations put there is in the copy too
		if _, err := tx.Exec(ctx, `DELETE FROM `+pgx.Identifier{order[i].Name}.Sanitize()); err != nil {
			return fmt.Errorf("table %s: %w", order[i].Name, err)
		}
	}
	for _, t := range order {
		if err := c.table(ctx, tx, d.Name, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	for _, s := range d.Sequences {
		_, err := tx.Exec(ctx, `SELECT setval(pg_get_serial_sequence($1, $2), $3, $4)`, pgx.Identifier{s.Table}.Sanitize(), s.Column, s.Last, s.Called)
		if err != nil {
			return fmt.Errorf("numbers of %s: %w", s.Table, err)
		}
	}
	return nil
}

// table reads one table's file. PostgreSQL does not copy into a table that shows a role only some rows; the owner lifts
// that for as long as the transaction takes, in which nobody else sees the table.
func (c *Copy) table(ctx context.Context, tx pgx.Tx, database string, t Table) error {
	quoted := pgx.Identifier{t.Name}.Sanitize()
	var forced bool
	if err := tx.QueryRow(ctx, `SELECT relforcerowsecurity FROM pg_class WHERE oid = to_regclass($1)`, quoted).Scan(&forced); err != nil {
		return fmt.Errorf("this gallra has no such table: %w", err)
	}
	if forced {
		if _, err := tx.Exec(ctx, `ALTER TABLE `+quoted+` NO FORCE ROW LEVEL SECURITY`); err != nil {
			return err
		}
	}
	file, err := c.open(database + "/" + t.Name + ".copy")
	if err != nil {
		return fmt.Errorf("its file %w", err)
	}
	defer file.Close()
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, file, `COPY `+quoted+` (`+columnList(t)+`) FROM STDIN (FORMAT binary)`)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != t.Rows {
		return fmt.Errorf("%d rows came back, the manifest says %d: %w", tag.RowsAffected(), t.Rows, ErrBackup)
	}
	if forced {
		_, err = tx.Exec(ctx, `ALTER TABLE `+quoted+` FORCE ROW LEVEL SECURITY`)
	}
	return err
}

// parentsFirst puts tables after those that they refer to.
func parentsFirst(ctx context.Context, tx pgx.Tx, tables []Table) ([]Table, error) {
	rows, err := tx.Query(ctx, `SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid`)
	if err != nil {
		return nil, err
	}
	parents := map[string][]string{}
	var child, parent string
	if _, err := pgx.ForEachRow(rows, []any{&child, &parent}, func() error { parents[child] = append(parents[child], parent); return nil }); err != nil {
		return nil, err
	}
	byName, placed := map[string]Table{}, map[string]bool{}
	for _, t := range tables {
		byName[t.Name] = t
	}
	var order []Table
	var place func(name string)
	place = func(name string) {
		if placed[name] {
			return
		}
		placed[name] = true
		for _, p := range parents[name] {
			place(p)
		}
		if t, ok := byName[name]; ok {
			order = append(order, t)
		}
	}
	for _, t := range tables {
		place(t.Name)
	}
	return order, nil
}
