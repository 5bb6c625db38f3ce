package assembly

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	worlds "gallra.se/libs/world"
)

// D13, STH-20, KSC-23, TES-04: authority is in every key, and a connection that serves one authority sees and writes no row
// of another, whatever the statement forgets.
func TestAConnectionSeesOnlyTheWorldThatItServes(t *testing.T) {
	for service, migrations := range map[string]func() []pg.Migration{"intake": intakeMigrations, "case-linker": caseLinkerMigrations} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			pool := asItsOwnRole(t, migrations())
			everyTableIsDivided(t, pool)
			all, ours, theirs := t.Context(), worlds.In(t.Context(), "arbetsformedlingen"), worlds.In(t.Context(), "te-services")
			write(t, pool, all, "arbetsformedlingen", true)
			write(t, pool, all, "te-services", true)
			write(t, pool, ours, "arbetsformedlingen", true)
			write(t, pool, ours, "te-services", false)
			for name, c := range map[string]struct {
				ctx  context.Context
				sees int
			}{"a worker": {all, 3}, "ours": {ours, 2}, "theirs": {theirs, 1}, "nobody's": {worlds.In(t.Context(), "elsewhere"), 0}} {
				var n int
				if err := pool.QueryRow(c.ctx, `SELECT count(*) FROM tombstone`).Scan(&n); err != nil || n != c.sees {
					t.Errorf("%s sees %d rows (%v), expected %d", name, n, err, c.sees)
				}
			}
		})
	}
}

// asItsOwnRole migrates a database and works in it as a role that is no superuser, as every service does.
func asItsOwnRole(t *testing.T, migrations []pg.Migration) *pgxpool.Pool {
	t.Helper()
	url := pgtest.New(t)
	if err := pg.MigrateAll(t.Context(), url, migrations...); err != nil {
		t.Fatal(err)
	}
	role := "worlds_" + uuid.NewString()[:8]
	super, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer super.Close()
	for _, statement := range []string{`CREATE ROLE ` + role + ` NOLOGIN`, `GRANT ALL ON ALL TABLES IN SCHEMA public TO ` + role} {
		if _, err := super.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	pool, err := pg.Open(t.Context(), url, pg.MaxConns(2), pg.Worlds, func(c *pgxpool.Config) {
		c.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
			_, err := conn.Exec(ctx, `SET ROLE `+role)
			return err
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func everyTableIsDivided(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	rows, err := pool.Query(t.Context(), `
		SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid)
		FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
		WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'authority'`)
	if err != nil {
		t.Fatal(err)
	}
	var name string
	var divided bool
	n := 0
	if _, err := pgx.ForEachRow(rows, []any{&name, &divided}, func() error {
		n++
		if !divided {
			t.Errorf("table %s has an authority and no row-level security: a migration of pg.Dividing is due", name)
		}
		return nil
	}); err != nil || n < 5 {
		t.Fatalf("%d tables looked at (%v)", n, err)
	}
}

func write(t *testing.T, pool *pgxpool.Pool, ctx context.Context, authority string, may bool) {
	t.Helper()
	id := uuid.New()
	columns, values := `authority, id`, []any{authority, id}
	if has(t, pool, "source") {
		columns, values = `authority, id, source`, append(values, id[:])
	}
	place := `$1, $2`
	if len(values) == 3 {
		place += `, $3`
	}
	_, err := pool.Exec(ctx, `INSERT INTO tombstone (`+columns+`) VALUES (`+place+`)`, values...)
	if (err == nil) != may {
		t.Errorf("a row of %s written in the world of %s: %v", authority, worlds.Of(ctx), err)
	}
}

func has(t *testing.T, pool *pgxpool.Pool, column string) (yes bool) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'tombstone' AND column_name = $1)`,
		column).Scan(&yes); err != nil {
		t.Fatal(err)
	}
	return yes
}
