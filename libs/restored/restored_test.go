package restored_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/restored"
)

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	url := pgtest.From(t, "restored", func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, restored.Migration) })
	db, err := pg.Open(t.Context(), url, pg.MaxConns(4))
	must(t, err)
	t.Cleanup(db.Close)
	return db
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var taken = time.Date(2024, 7, 10, 1, 0, 0, 0, time.UTC)

func marked(t *testing.T, behind int64) *pgxpool.Pool {
	t.Helper()
	db := database(t)
	must(t, restored.Put(t.Context(), db, restored.Mark{Backup: "b", TakenAt: taken, Behind: behind}))
	return db
}

// log is a witness whose log has that many leaves.
func log(size int64) restored.Witness {
	return func(_ context.Context, asked restored.Asked) (restored.Answer, error) {
		said := restored.Answer{Size: size}
		for i := asked.From; i < size && len(said.Words) < 3; i++ {
			said.Words = append(said.Words, restored.Word{Index: i, Kind: "disposed", Authority: "a", Record: uuid.New(), DueOn: "2024-07-20", Commitment: []byte{1}})
		}
		return said, nil
	}
}

func words(t *testing.T, db *pgxpool.Pool) (n int) {
	t.Helper()
	must(t, db.QueryRow(t.Context(), `SELECT count(*) FROM restored_word`).Scan(&n))
	return n
}

func TestEveryWordSinceTheBackupIsHeardOnceHoweverOftenItIsInterrupted(t *testing.T) {
	t.Parallel()
	db := marked(t, 4)
	down, asked := errors.New("away"), 0
	interrupted := func(ctx context.Context, a restored.Asked) (restored.Answer, error) {
		if asked++; asked%2 == 0 {
			return restored.Answer{}, down
		}
		return log(12)(ctx, a)
	}
	for restored.Hear(t.Context(), db, interrupted) != nil {
	}
	must(t, restored.Hear(t.Context(), db, log(14))) // the log went on meanwhile
	m, found, err := restored.Marked(t.Context(), db)
	if n := words(t, db); n != 10 || !found || err != nil || m.Heard != 14 || m.Until != 14 || m.Behind != 4 || !m.TakenAt.Equal(taken) {
		t.Errorf("%d words, %+v %v %v", n, m, found, err)
	}
	must(t, restored.Put(t.Context(), db, restored.Mark{Backup: "another", TakenAt: taken, Behind: 0}))
	if again, _, _ := restored.Marked(t.Context(), db); again != m {
		t.Errorf("a mark was overwritten: %+v", again)
	}
	must(t, restored.Finish(t.Context(), db))
	if _, found, err := restored.Marked(t.Context(), db); found || err != nil || words(t, db) != 0 {
		t.Errorf("the mark stays: %v %v", found, err)
	}
	must(t, restored.Hear(t.Context(), db, log(14))) // nothing is to be heard any more
	if words(t, db) != 0 {
		t.Error("words without a mark")
	}
}

func TestALogThatIsShorterJumpsOrLiesIsNotBelieved(t *testing.T) {
	t.Parallel()
	word := func(index int64) restored.Word {
		return restored.Word{Index: index, Kind: "disposed", Authority: "a", Record: uuid.New()}
	}
	for name, said := range map[string]restored.Answer{
		"shorter": {Size: 3}, "empty": {}, "silent": {Size: 9}, "ahead": {Size: 9, Words: []restored.Word{word(5)}},
		"behind": {Size: 9, Words: []restored.Word{word(3)}}, "a gap": {Size: 9, Words: []restored.Word{word(4), word(6)}},
		"twice": {Size: 9, Words: []restored.Word{word(4), word(4)}}, "beyond": {Size: 5, Words: []restored.Word{word(4), word(5)}},
		"negative": {Size: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := marked(t, 4)
			err := restored.Hear(t.Context(), db, func(context.Context, restored.Asked) (restored.Answer, error) { return said, nil })
			if err == nil || words(t, db) != 0 {
				t.Errorf("%v, %d words", err, words(t, db))
			}
		})
	}
}

// TestNobodyIsServedBeforeTheReplayIsDone holds a replay up and asks the door.
func TestNobodyIsServedBeforeTheReplayIsDone(t *testing.T) {
	t.Parallel()
	db := marked(t, 4)
	must(t, restored.Hear(t.Context(), db, log(6)))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	said := make(chan error)
	gate := &restored.Gate{DB: db, Listener: listener, Log: slog.New(slog.DiscardHandler), Replay: func(ctx context.Context) error {
		if err := <-said; err != nil {
			return err
		}
		return restored.Finish(ctx, db)
	}}
	passed := make(chan error, 1)
	go func() { passed <- gate.Pass(t.Context()) }()
	ask := func(path string) (int, string) {
		t.Helper()
		response, err := http.Get("http://" + listener.Addr().String() + path)
		must(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		must(t, err)
		return response.StatusCode, string(body)
	}
	for _, path := range []string{"/readyz", "/v1/contacts/" + uuid.NewString(), "/metrics", "/"} {
		if status, _ := ask(path); status != http.StatusServiceUnavailable {
			t.Errorf("%s answers %d", path, status)
		}
	}
	if status, _ := ask("/livez"); status != http.StatusOK {
		t.Errorf("/livez answers %d", status)
	}
	if _, body := ask("/readyz"); !strings.Contains(body, "restored, replaying 2 of 2") {
		t.Error(body)
	}
	said <- restored.Stands("1 records that were destroyed can be read")
	for { // until the replay is tried again
		if _, body := ask("/readyz"); strings.Contains(body, "can be read") {
			break
		}
	}
	select {
	case err := <-passed:
		t.Fatalf("it passed: %v", err)
	case said <- nil:
	}
	must(t, <-passed)
	must(t, (&restored.Gate{DB: db, Log: slog.New(slog.DiscardHandler)}).Pass(t.Context())) // without a mark nothing is in the way
}
