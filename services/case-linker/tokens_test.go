package caselinker_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/seal"
)

// recorded opens the rows that were sealed to statistics.
func (w *world) recorded() (out []events.SealedStatisticsRecorded) {
	w.t.Helper()
	rows, err := w.db.Query(w.ctx, `SELECT payload FROM outbox WHERE convert_from(payload, 'UTF8') LIKE '%statistics.recorded%' ORDER BY id`)
	w.must(err)
	payloads, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	w.must(err)
	for _, payload := range payloads {
		var e struct{ Data events.StatisticsRecorded }
		w.must(json.Unmarshal(payload, &e))
		plain, err := seal.Open(w.peerKey, events.StatisticsAAD(events.TypeStatisticsRecorded, af), e.Data.Sealed)
		w.must(err)
		var row events.SealedStatisticsRecorded
		w.must(json.Unmarshal(plain, &row))
		out = append(out, row)
	}
	return out
}

// dump is every row of every table as text.
func (w *world) dump() string {
	w.t.Helper()
	rows, err := w.db.Query(w.ctx, `SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public'`)
	w.must(err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	w.must(err)
	var all strings.Builder
	for _, table := range tables {
		rows, err := w.db.Query(w.ctx, `SELECT t::text FROM `+table+` AS t`)
		w.must(err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		w.must(err)
		all.WriteString(strings.Join(lines, "\n"))
	}
	return all.String()
}

func TestAStatisticsTokenIsWrittenNowhereAndDiesWithItsKey(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, _ := w.open("AF-1")
	w.ok(w.line("/v1/cases", "open-2", "case.opened", map[string]any{"case": "AF-2", "type": "programme", "persons": []string{berit}}))
	w.ok(w.line("/v1/cases", "close-2", "case.closed", map[string]any{"case": "AF-2", "effective": "2023-05-02", "reason": "x"}))
	w.end("2023-05-02")
	rows := w.recorded()
	if len(rows) != 2 || rows[0].T != rows[1].T || rows[0].R == rows[1].R || rows[0].R == rows[0].T {
		t.Fatal("two cases of a person in a year must share t and nothing else")
	}
	nowhere := func() {
		t.Helper()
		all := w.dump()
		for _, token := range []string{rows[0].R, rows[1].R, rows[0].T} {
			raw, err := hex.DecodeString(token)
			w.must(err)
			if strings.Contains(all, token) || strings.Contains(all, string(raw)) {
				t.Error("a token stands in the database")
			}
		}
	}
	nowhere()
	units := []uuid.UUID{person}
	shares, err := w.db.Query(w.ctx, `SELECT share FROM share`)
	w.must(err)
	ids, err := pgx.CollectRows(shares, pgx.RowTo[uuid.UUID])
	w.must(err)
	units = append(units, ids...)
	w.clock.set(t, "2025-07-03T00:00:00+02:00")
	w.due("AFC-13", "2025-07-03", units...)
	w.until("all is disposed of", func() bool { return w.sent("se.gallra.record.disposed.v1") == 1 })
	nowhere()
	for _, unit := range units {
		if _, err := w.keys.Unit(w.ctx, keyring.UnitRef{Authority: af, ID: unit}); !errors.Is(err, keyring.ErrDestroyed) {
			t.Errorf("the key that the tokens came from answers %v", err)
		}
	}
}
