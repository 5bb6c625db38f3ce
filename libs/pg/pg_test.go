package pg_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/fstest"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"github.com/jackc/pgx/v5"
)

func TestInstancesThatMigrateTogetherMigrateOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	files := fstest.MapFS{"sql/001_thing.sql": {Data: []byte("-- +goose Up\nCREATE TABLE thing (n int);\n")}}
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if err := pg.Migrate(context.Background(), url, files, "sql", "thing_version"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	exec(t, url, `INSERT INTO thing VALUES (1)`)
}

func TestSetsOfMigrationsOnOneDatabaseKeepTheirOwnVersions(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	set := func(table string) pg.Migration {
		return pg.Migration{Dir: ".", Table: table + "_version", FS: fstest.MapFS{
			"001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE " + table + " (n int);\n")}}}
	}
	must(t, pg.MigrateAll(t.Context(), url, set("a"), set("b")))
	exec(t, url, `SELECT FROM a, b, a_version, b_version`)
}

func TestATransactionThatLosesADeadlockIsRunAgain(t *testing.T) {
	t.Parallel()
	pool := connect(t, pgtest.New(t))
	_, err := pool.Exec(t.Context(), `CREATE TABLE row (id int PRIMARY KEY, n int); INSERT INTO row VALUES (1, 0), (2, 0)`)
	must(t, err)
	var meet sync.WaitGroup
	meet.Add(2)
	cross := func(first, second int) error {
		var once sync.Once
		return pg.Tx(t.Context(), pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `UPDATE row SET n = n + 1 WHERE id = $1`, first); err != nil {
				return err
			}
			once.Do(func() { meet.Done(); meet.Wait() })
			_, err := tx.Exec(t.Context(), `UPDATE row SET n = n + 1 WHERE id = $1`, second)
			return err
		})
	}
	other := make(chan error)
	go func() { other <- cross(2, 1) }()
	must(t, cross(1, 2))
	must(t, <-other)
	var sum int
	must(t, pool.QueryRow(t.Context(), `SELECT sum(n) FROM row`).Scan(&sum))
	if sum != 4 {
		t.Fatalf("sum %d, want 4", sum)
	}
}

func TestAFailedTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	pool := connect(t, pgtest.From(t, "thing", func(ctx context.Context, url string) error {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, `CREATE TABLE thing (n int)`)
		return err
	}))
	fault := errors.New("fault")
	err := pg.Tx(t.Context(), pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO thing VALUES (1)`)
		return errors.Join(err, fault)
	})
	var n int
	must(t, pool.QueryRow(t.Context(), `SELECT count(*) FROM thing`).Scan(&n))
	if !errors.Is(err, fault) || n != 0 {
		t.Fatalf("error %v, rows %d", err, n)
	}
}
