package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
	"gallra.se/libs/restored"
	"gallra.se/libs/world"
)

// snapshots are read-only transactions that each see their database as it was at one moment.
type snapshots struct {
	open       map[string]pgx.Tx
	described  map[string]Database
	span       time.Duration // between the first and the last
	checkpoint Checkpoint
	businessAt time.Time
}

// openAll opens the snapshots that the pieces need, in the order of the pieces. The ledger's and the clock's are opened
// whatever is backed up, where they can be reached: a backup says how far the log was, and what time it was.
func (t *Taking) openAll(ctx context.Context) (*snapshots, error) {
	s := &snapshots{open: map[string]pgx.Tx{}, described: map[string]Database{}, businessAt: clock.PaceNow().UTC()}
	var names []string
	for _, piece := range Pieces() {
		if piece == Ledger || slices.Contains(t.Pieces, piece) && piece != Keys {
			names = append(names, t.Place.of(piece)...)
		}
	}
	if err := s.begin(ctx, t.Place, names); err != nil {
		return s, err
	}
	if err := s.look(ctx); err != nil {
		return s, err
	}
	for _, name := range names {
		if err := notReplaying(ctx, s.open[name], name); err != nil {
			return s, err
		}
	}
	return s, nil
}

// begin connects to all first and opens the snapshots then, one right after the other.
func (s *snapshots) begin(ctx context.Context, p Place, names []string) error {
	for _, name := range names {
		conn, err := connect(ctx, p.Databases[name])
		if err != nil {
			return fmt.Errorf("connect to database %s: %w", name, err)
		}
		if s.open[name], err = conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}); err != nil {
			_ = conn.Close(ctx)
			return fmt.Errorf("begin to read %s: %w", name, err)
		}
	}
	began := clock.PaceNow()
	for _, name := range names {
		if _, err := s.open[name].Exec(ctx, `SELECT pg_current_snapshot()`); err != nil {
			return fmt.Errorf("take a snapshot of %s: %w", name, err)
		}
	}
	s.span = clock.PaceNow().Sub(began)
	for _, name := range names {
		d, err := describe(ctx, s.open[name], name)
		if err != nil {
			return fmt.Errorf("look at the tables of %s: %w", name, err)
		}
		s.described[name] = d
	}
	return nil
}

// reopen is begin for databases whose snapshot may be open already.
func (s *snapshots) reopen(ctx context.Context, p Place, names []string) error {
	for _, name := range names {
		if tx := s.open[name]; tx != nil {
			closeTx(tx)
			delete(s.open, name)
		}
	}
	span := s.span
	err := s.begin(ctx, p, names)
	s.span = span
	return err
}

func (s *snapshots) close() {
	if s == nil {
		return
	}
	for _, tx := range s.open {
		closeTx(tx)
	}
}

func closeTx(tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = tx.Conn().Close(ctx)
}

// connect works as a role that sees all worlds.
func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("its URL is none")
	}
	config.RuntimeParams["gallra.authority"] = world.All
	return pgx.ConnectConfig(ctx, config)
}

// look reads how far the ledger is, and what time it is.
func (s *snapshots) look(ctx context.Context) error {
	if tx := s.open["ledger"]; tx != nil && has(s.described["ledger"], "checkpoint") {
		err := tx.QueryRow(ctx, `SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1`).Scan(&s.checkpoint.Size, &s.checkpoint.Note)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("read the newest checkpoint: %w", err)
		}
	}
	if tx := s.open["clock"]; tx != nil && has(s.described["clock"], "simulated_clock") {
		err := tx.QueryRow(ctx, `SELECT now_at FROM simulated_clock`).Scan(&s.businessAt)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("read the simulated time: %w", err)
		}
		s.businessAt = s.businessAt.UTC()
	}
	return nil
}

func (s *snapshots) manifest(piece Piece) Manifest {
	return Manifest{Piece: piece, BusinessAt: s.businessAt, Checkpoint: s.checkpoint}
}

func has(d Database, table string) bool {
	return slices.ContainsFunc(d.Tables, func(t Table) bool { return t.Name == table })
}

// notReplaying refuses to keep what a restore has not finished.
func notReplaying(ctx context.Context, tx pgx.Tx, name string) error {
	var there bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass('`+restored.Table+`') IS NOT NULL`).Scan(&there); err != nil || !there {
		return err
	}
	_, marked, err := restored.Marked(ctx, tx)
	if err == nil && marked {
		err = fmt.Errorf("database %s was restored and has not been replayed: wait until the system is ready", name)
	}
	return err
}

// describe lists what a database consists of, but for the mark of a restore.
func describe(ctx context.Context, tx pgx.Tx, name string) (d Database, err error) {
	d = Database{Name: name, Versions: map[string]int64{}}
	rows, err := tx.Query(ctx, `
		SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
		FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		GROUP BY c.relname ORDER BY c.relname`)
	if err != nil {
		return d, err
	}
	tables, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Table, err error) {
		err = row.Scan(&t.Name, &t.Columns)
		return t, err
	})
	if err != nil {
		return d, err
	}
	versioned := map[string]bool{}
	for _, set := range migrations(name) {
		versioned[set.Table] = true
	}
	for _, t := range tables {
		switch {
		case versioned[t.Name]:
			var version int64
			if err := tx.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM `+pgx.Identifier{t.Name}.Sanitize()+` WHERE is_applied`).Scan(&version); err != nil {
				return d, err
			}
			d.Versions[t.Name] = version
		case strings.HasPrefix(t.Name, "restored_"):
		default:
			d.Tables = append(d.Tables, t)
		}
	}
	all, err := sequences(ctx, tx)
	for _, s := range all {
		if has(d, s.Table) {
			d.Sequences = append(d.Sequences, s)
		}
	}
	return d, err
}

func sequences(ctx context.Context, tx pgx.Tx) ([]Sequence, error) {
	rows, err := tx.Query(ctx, `
		SELECT t.relname, a.attname, s.relname FROM pg_class AS s
		JOIN pg_depend AS d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
		JOIN pg_class AS t ON t.oid = d.refobjid JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
		WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace ORDER BY 1, 2`)
	if err != nil {
		return nil, err
	}
	type owned struct{ Table, Column, Name string }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[owned])
	if err != nil {
		return nil, err
	}
	var out []Sequence
	for _, o := range all {
		s := Sequence{Table: o.Table, Column: o.Column}
		if err := tx.QueryRow(ctx, `SELECT last_value, is_called FROM `+pgx.Identifier{o.Name}.Sanitize()).Scan(&s.Last, &s.Called); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
