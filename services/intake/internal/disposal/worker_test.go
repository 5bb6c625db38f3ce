package disposal_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/calendar"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/disposal"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/vault"
)

const af = "arbetsformedlingen"

type home struct {
	db, keys *pgxpool.Pool
	ring     *keyring.Ring
	box      *outbox.Box
}

func newHome(t testing.TB) home {
	t.Helper()
	h := home{box: outbox.New(outbox.Config{Service: "intake", Context: "contact", Stream: "EV_CONTACT", Business: clock.Real()})}
	h.db = database(t, "intake", store.Migration, pg.Migration{FS: outbox.Migrations, Dir: "migrations", Table: "outbox_version"})
	h.keys = database(t, "keys", keyring.Migration())
	files, err := keyring.FileStore(t.TempDir())
	must(t, err)
	h.ring, err = keyring.Open(t.Context(), h.keys, files)
	must(t, err)
	return h
}

func database(t testing.TB, name string, sets ...pg.Migration) *pgxpool.Pool {
	url := pgtest.From(t, name, func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, sets...) })
	db, err := pg.Open(t.Context(), url, pg.MaxConns(4))
	must(t, err)
	t.Cleanup(db.Close)
	return db
}

// committed is a contact whose disposal is committed.
func (h home) committed(t testing.TB) store.Contact {
	t.Helper()
	ref := keyring.UnitRef{Authority: af, ID: uuid.Must(uuid.NewV7())}
	unit, err := h.ring.NewUnit(t.Context(), ref, keyring.ByDay("contact.chat", "2024-01-31"))
	must(t, err)
	row := store.Contact{Authority: af, ID: uuid.Must(uuid.NewV7()), Unit: ref.ID, Category: "contact.chat",
		EndedOn: calendar.MustDate("2024-01-31"), Fingerprint: []byte{1}}
	row.Ciphertext, row.Commitment, err = vault.Put(unit, row.ID, row.Category, contact.Record{Channel: "chat"})
	must(t, err)
	must(t, pg.Tx(t.Context(), h.db, func(tx pgx.Tx) error {
		if err := store.AddContacts(t.Context(), tx, []store.Contact{row}); err != nil {
			return err
		}
		return store.Intend(t.Context(), tx, []store.Intent{{Authority: af, Unit: row.Unit, Contact: row.ID, Rule: "AFC-21", Trigger: "contact-ended",
			DueOn: calendar.MustDate("2024-03-01"), DueAt: time.Date(2024, 2, 29, 23, 0, 0, 0, time.UTC), PolicyVersion: "1",
			RemovedAt: time.Date(2024, 2, 29, 23, 0, 0, 0, time.UTC)}})
	}))
	return row
}

func (h home) worker(stop string) *disposal.Worker {
	return &disposal.Worker{DB: h.db, Keys: h.ring, Box: h.box, Business: clock.Real(), Step: func(name string) error {
		if name == stop {
			return errStopped
		}
		return nil
	}}
}

var errStopped = errors.New("stopped by the test")

// TestADisposalThatStopsAnywhereIsEndedOnce stops the worker after each step and
// starts another one, as a new process would.
func TestADisposalThatStopsAnywhereIsEndedOnce(t *testing.T) {
	t.Parallel()
	for _, stop := range []string{"destroyed", "appended", "deleted"} {
		t.Run(stop, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			row, other := h.committed(t), h.committed(t)
			if err := h.worker(stop).Run(t.Context()); !errors.Is(err, errStopped) {
				t.Fatalf("stopped with %v", err)
			}
			for _, c := range []store.Contact{row, other} {
				if _, err := h.ring.Unit(t.Context(), keyring.UnitRef{Authority: af, ID: c.Unit}); !errors.Is(err, keyring.ErrDestroyed) {
					t.Errorf("after %s the key is %v", stop, err)
				}
			}
			must(t, h.worker("").Run(t.Context()))
			must(t, h.worker("").Run(t.Context()))
			var left, told int
			must(t, h.db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM contact) + (SELECT count(*) FROM intent),
				(SELECT count(*) FROM outbox, unnest($1::text[]) AS needle WHERE position(needle::bytea IN payload) > 0)`,
				[]string{`"unit":"` + row.Unit.String(), `"unit":"` + other.Unit.String()}).Scan(&left, &told))
			if left != 0 || told != 2 {
				t.Errorf("%d rows left, told of %d units", left, told)
			}
		})
	}
}

func TestTwoWorkersTellOfEachContactOnce(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for range 20 {
		h.committed(t)
	}
	errs := make(chan error)
	for range 2 {
		go func() { errs <- h.worker("").Run(t.Context()) }()
	}
	must(t, errors.Join(<-errs, <-errs))
	var told int
	must(t, h.db.QueryRow(t.Context(), `SELECT coalesce(sum(jsonb_array_length(convert_from(payload, 'UTF8')::jsonb #> '{data,units}')), 0) FROM outbox`).Scan(&told))
	if told != 20 {
		t.Errorf("told of %d, want 20", told)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
