package register_test

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/policy"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/register"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

const af = "arbetsformedlingen"

// noon is a business clock that stands still.
type noon struct{}

func (noon) Now() time.Time         { return time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC) }
func (noon) Version() int64         { return 0 }
func (noon) Simulated() bool        { return false }
func (noon) Moved() <-chan struct{} { return nil }

// world is a register on real databases.
type world struct {
	db   *pgxpool.Pool
	ring *keyring.Ring
	*register.Register
}

func newWorld(t testing.TB) world {
	t.Helper()
	set, err := policy.Load(policy.Packs())
	must(t, err)
	db := open(t, "statistics", store.Migration)
	keystore, err := keyring.FileStore(t.TempDir())
	must(t, err)
	ring, err := keyring.Open(context.Background(), open(t, "keys", keyring.Migration()), keystore)
	must(t, err)
	return world{db: db, ring: ring, Register: &register.Register{Keys: keys.New(db, ring), Policy: set, Business: noon{}}}
}

func open(t testing.TB, name string, migration pg.Migration) *pgxpool.Pool {
	t.Helper()
	url := pgtest.From(t, name, func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, migration) })
	db, err := pg.Open(context.Background(), url)
	must(t, err)
	t.Cleanup(db.Close)
	return db
}

// fataler is what *testing.T and *rapid.T share.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

func must(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) do(t fataler, f func(ctx context.Context, tx pgx.Tx) error) {
	t.Helper()
	must(t, pg.Tx(context.Background(), w.db, func(tx pgx.Tx) error { return f(context.Background(), tx) }))
}

// apply does as the bus does: it prepares, works in a transaction, and begins again
// while a key is not ready.
func (w world) apply(prepare func(ctx context.Context) error, work func(ctx context.Context, tx pgx.Tx) error) (err error) {
	ctx := context.Background()
	for range 3 {
		if err = prepare(ctx); err != nil {
			return err
		}
		if err = pg.Tx(ctx, w.db, func(tx pgx.Tx) error { return work(ctx, tx) }); !errors.Is(err, keys.ErrUnready) {
			return err
		}
	}
	return err
}

func newToken() (t pseudonym.Token) {
	rand.Read(t[:])
	return t
}

func fields(quarter string) events.StatisticsFields {
	return events.StatisticsFields{Sex: "female", AgeBand: "30-34", County: "01", SSYK: "25", ClosedQuarter: quarter,
		Programme: "none", SpellBand: "26-51", CaseType: "job-seeking", ClosingReason: "got-work", ContactsBand: "3-5",
		ChannelMain: "phone", PriorCases5Y: "1", ImputedFlags: []string{}, SourceCompleteness: "full"}
}

func (w world) record(t fataler, r, person pseudonym.Token) {
	t.Helper()
	must(t, w.recorded(af, register.Recorded{R: r, T: person, Epoch: 2024, Fields: fields("2024Q1")}))
}

func (w world) recorded(authority string, e register.Recorded) error {
	return w.apply(func(ctx context.Context) error { return w.PrepareRecord(ctx, authority, e) },
		func(ctx context.Context, tx pgx.Tx) error { return w.Record(ctx, tx, authority, e) })
}

func (w world) separate(t fataler, r pseudonym.Token, on string) {
	t.Helper()
	day := calendar.MustDate(on)
	must(t, w.apply(func(ctx context.Context) error { return w.PrepareSeparate(ctx, af, day) },
		func(ctx context.Context, tx pgx.Tx) error { return w.Separate(ctx, tx, af, r, day) }))
}

func (w world) withdraw(t fataler, r pseudonym.Token) {
	t.Helper()
	must(t, w.apply(func(ctx context.Context) error { return w.PrepareWithdraw(ctx, af) },
		func(ctx context.Context, tx pgx.Tx) error { return w.Withdraw(ctx, tx, af, r) }))
}

// rowOf is what the database holds of a row.
type rowOf struct {
	State, P    string
	MAC         []byte
	SeparatedOn calendar.Date
	DueAt       *time.Time
}

func (w world) rows(t fataler) []rowOf {
	t.Helper()
	rows, err := w.db.Query(context.Background(), `SELECT state, p, row_mac, separated_on, due_at FROM statistics_row`)
	must(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[rowOf])
	must(t, err)
	return all
}
