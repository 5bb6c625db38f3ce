package register_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/row"
)

// BenchmarkSeparated is a record's way in process: named, found, separated and
// encoded for analysts; and the same with its encryption at rest. Database, bus
// and transport seal are left out. The floor is one HMAC-SHA-256 of a token. What
// happens at the edge before is measured in case-linker's package generalise.
func BenchmarkSeparated(b *testing.B) {
	w := newWorld(b)
	var rowKey, dayKey pseudonym.Key
	var epoch keys.Epoch
	on, due := calendar.MustDate("2026-06-01"), time.Date(2036, 5, 31, 22, 0, 0, 0, time.UTC)
	must(b, w.Keys.Ready(b.Context(), keys.RowOf(af), keys.DayOf(af, on), keys.EpochOf(af, 2024)))
	w.do(b, func(ctx context.Context, tx pgx.Tx) (err error) {
		rowKey, err = w.Keys.Row(ctx, tx, af)
		must(b, err)
		dayKey, err = w.Keys.Day(ctx, tx, af, on)
		must(b, err)
		epoch, err = w.Keys.Epoch(ctx, tx, af, 2024)
		return err
	})
	r, person, f := newToken(), newToken(), fields("2024Q1")
	records := func(b *testing.B, encrypted bool) {
		for b.Loop() {
			made, err := row.Record(uuid.New(), af, 2024, epoch.Person.Person(person), rowKey.Row(r), f)
			must(b, err)
			if encrypted {
				_, err = epoch.Seal(made.ID, made.Fields)
				must(b, err)
			}
			made = made.Separate(dayKey.Fresh(made.P), on, due)
			_, err = json.Marshal(made.Publication())
			must(b, err)
		}
		perSecond(b)
	}
	b.Run("records", func(b *testing.B) { records(b, false) })
	b.Run("encrypted", func(b *testing.B) { records(b, true) })
	b.Run("floor", func(b *testing.B) {
		mac, sum := hmac.New(sha256.New, r[:]), make([]byte, 0, sha256.Size)
		for b.Loop() {
			mac.Reset()
			mac.Write(person[:])
			sum = mac.Sum(sum[:0])
		}
		perSecond(b)
	})
}

func perSecond(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
