package statistics_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	statistics "gallra.se/services/statistics-pseudonymiser"
)

// A case is closed in March 2024, disposed of on 1 June 2026, and its row ends
// ten years later at 00:00: the road of scenario SC-02.
func TestTheLifeOfARow(t *testing.T) {
	t.Parallel()
	s := start(t, "2024-03-31T13:05:00Z")
	r, person := newToken(), newToken()
	s.record(r, person)
	s.until("2024-03-31T21:59:59Z")
	if len(s.readAll("*")) != 0 {
		t.Fatal("published before midnight")
	}
	s.until("2024-03-31T22:00:00Z") // 00:00 in Stockholm, summer time
	rows := s.readAll("2024Q1")
	if len(rows) != 1 || rows[0].row.PersonPsn != s.recompute(person) || rows[0].event.Time() != at("2024-04-01T00:00:00Z") ||
		uuid.MustParse(rows[0].event.ID()).Version() != 4 || uuid.MustParse(rows[0].row.RecordID).Version() != 4 {
		t.Fatalf("%+v", rows)
	}
	linked := rows[0].row

	s.until("2026-05-31T22:00:00Z")
	s.separate(r, "2026-06-01")
	s.settle()
	s.hasTotals(statistics.Summary{Separated: 1, Present: 1, NextDue: at("2036-05-31T22:00:00Z")})
	s.until("2026-06-01T22:00:00Z")
	rows = s.readAll("*")
	if len(rows) != 1 || rows[0].row.RecordID != linked.RecordID || rows[0].row.PersonPsn == linked.PersonPsn || rows[0].row.Revision != 2 {
		t.Fatalf("%+v", rows)
	}
	s.keysLeft(map[string]int{"row": 1, "epoch": 1})

	epoch := s.unit("epoch")
	s.until("2036-05-31T21:59:59Z")
	s.hasTotals(statistics.Summary{Separated: 1, Present: 1, NextDue: at("2036-05-31T22:00:00Z")})
	s.until("2036-05-31T22:00:00Z")
	s.hasTotals(statistics.Summary{Separated: 1, Disposed: 1})
	if rows := s.readAll("*"); len(rows) != 0 {
		t.Fatalf("still in the stream: %+v", rows)
	}
	s.keysLeft(map[string]int{"row": 1})
	if _, err := s.ring.Unit(t.Context(), keyring.UnitRef{Authority: af, ID: epoch}); !errors.Is(err, keyring.ErrDestroyed) {
		t.Fatalf("the key of the epoch: %v", err)
	}
}

func TestAWithdrawnRowLeavesTheStreamAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, "2024-03-31T13:05:00Z")
	goes, stays := newToken(), newToken()
	s.record(goes, newToken())
	s.record(stays, newToken())
	s.until("2024-04-01T10:00:00Z")
	if n := len(s.readAll("*")); n != 2 {
		t.Fatalf("%d rows", n)
	}
	s.withdraw(goes)
	s.settle()
	var left []struct{ ID, State string }
	s.ask("rows", &left)
	rows := s.readAll("*")
	if len(rows) != 1 || len(left) != 1 || left[0].ID != rows[0].row.RecordID || left[0].State != "linked" {
		t.Fatalf("%+v %+v", rows, left)
	}
}

func TestChangedRowsReplaceThemselvesInTheStream(t *testing.T) {
	t.Parallel()
	s := start(t, "2024-03-31T13:05:00Z")
	first, second := newToken(), newToken()
	s.record(first, newToken())
	s.record(second, newToken())
	s.until("2024-04-01T10:00:00Z")
	s.separate(first, "2024-04-01")
	s.separate(second, "2024-04-01")
	s.until("2024-04-02T10:00:00Z")
	rows := s.readAll("*")
	if len(rows) != 2 || rows[0].row.Revision != 2 || rows[1].row.Revision != 2 || rows[0].row.PersonPsn == rows[1].row.PersonPsn {
		t.Fatalf("%+v", rows)
	}
}

func TestARowWhoseSeparationCameFirstIsNeverLinked(t *testing.T) {
	t.Parallel()
	s := start(t, "2026-06-01T10:00:00Z")
	r, person := newToken(), newToken()
	s.separate(r, "2026-06-01")
	s.settle()
	s.record(r, person)
	s.until("2026-06-02T10:00:00Z")
	s.hasTotals(statistics.Summary{Separated: 1, Present: 1, NextDue: at("2036-05-31T22:00:00Z")})
	rows := s.readAll("*")
	if len(rows) != 1 || rows[0].row.PersonPsn == s.recompute(person) {
		t.Fatalf("%+v", rows)
	}
}

// Which day a row was separated on is only found in the transaction; a service that
// has just started does not have that day's key in memory.
func TestARowIsSeparatedByAServiceThatStartedAfterTheSeparationCame(t *testing.T) {
	t.Parallel()
	s := start(t, "2026-06-01T10:00:00Z")
	r := newToken()
	s.separate(r, "2026-06-01")
	s.settle()
	s.stop()
	s.run()
	s.record(r, newToken())
	s.settle()
	s.hasTotals(statistics.Summary{Separated: 1, Present: 1, NextDue: at("2036-05-31T22:00:00Z")})
}

func TestWhatWasRememberedForARowThatNeverCameIsForgotten(t *testing.T) {
	t.Parallel()
	s := start(t, "2024-03-01T10:00:00Z")
	s.withdraw(newToken())
	s.until("2024-04-30T09:59:59Z")
	s.counts(`SELECT count(*) FROM early`, 1)
	s.until("2024-04-30T10:00:00Z")
	s.counts(`SELECT count(*) FROM early`, 0)
}

func TestAnEpochWithoutRowsEndsWithItsYear(t *testing.T) {
	t.Parallel()
	s := start(t, "2024-03-31T13:05:00Z")
	r := newToken()
	s.record(r, newToken())
	s.withdraw(r)
	s.until("2024-12-31T22:59:59Z")
	s.keysLeft(map[string]int{"row": 1, "epoch": 1})
	s.until("2024-12-31T23:00:00Z") // 00:00 in Stockholm, winter time
	s.keysLeft(map[string]int{"row": 1})
}

// The service died after JetStream's acknowledgement and before its own mark.
func TestAPublicationMadeTwiceIsThereOnce(t *testing.T) {
	t.Parallel()
	s := start(t, "2024-03-31T13:05:00Z")
	for range 3 {
		s.record(newToken(), newToken())
	}
	s.until("2024-04-01T10:00:00Z")
	before := s.lastSequence()
	s.stop()
	_, err := s.db.Exec(t.Context(), `UPDATE statistics_row SET publish_at = $1`, at("2024-03-31T22:00:00Z"))
	s.must(err)
	s.publish(events.TypeStatisticsRecorded, s.sealed(events.TypeStatisticsRecorded, recorded(newToken(), newToken()))) // one more
	s.run()
	s.until("2024-04-02T10:00:00Z")
	if n := len(s.readAll("*")); n != 4 || s.lastSequence() != before+1 {
		t.Fatalf("%d rows, sequence %d after %d", n, s.lastSequence(), before)
	}
}

func TestWhatIsNotSealedToUsIsParkedAndOthersGoOn(t *testing.T) {
	t.Parallel()
	s := start(t, "2024-03-31T13:05:00Z")
	s.publish(events.TypeStatisticsRecorded, events.StatisticsRecorded{Sealed: []byte("not a box"), KeyID: "nobody's"})
	s.send(events.TypeStatisticsRecorded, map[string]any{"r": "kanarie", "t": "kanarie"})
	s.record(newToken(), newToken())
	s.settle()
	var rows, parked, quoted int
	s.must(s.db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM statistics_row), count(*), count(*) FILTER (WHERE reason LIKE '%kanarie%') FROM bus_parked`).Scan(&rows, &parked, &quoted))
	if rows != 1 || parked != 2 || quoted != 0 {
		t.Fatalf("%d rows, %d parked, %d quoted", rows, parked, quoted)
	}
}

func TestTheOperationsAccountDoesNotSeeTheStreamAndAnalystsOnlyReadIt(t *testing.T) {
	t.Parallel()
	s := start(t, "2024-03-31T13:05:00Z")
	s.settle()
	js, err := jetstream.New(s.ops)
	s.must(err)
	if _, err := js.Stream(t.Context(), statistics.Stream); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("operations: %v", err)
	}
	for _, subject := range []string{"stats.v1.x.closed-cases.2024Q1.y", "$JS.API.STREAM.PURGE.STATS", "$JS.API.STREAM.DELETE.STATS"} {
		if _, err := s.analyst.Request(subject, nil, 200*time.Millisecond); err == nil || errors.Is(err, nats.ErrNoResponders) {
			t.Errorf("an analyst on %s: %v", subject, err)
		}
	}
}

func TestARealDeploymentTellsNoRowIds(t *testing.T) {
	t.Parallel()
	s := start(t, "2024-03-31T13:05:00Z")
	s.stop()
	s.deps.Simulated = false
	s.run()
	s.settle()
	if _, err := s.ops.Request("ask."+statistics.Name+".rows", nil, 2*time.Second); !errors.Is(err, nats.ErrNoResponders) {
		t.Fatal(err)
	}
}

// recompute is p by another road: the keyring's unit and the standard library.
func (s *system) recompute(token string) string {
	s.t.Helper()
	t, err := hex.DecodeString(token)
	s.must(err)
	unit, err := s.ring.Unit(s.t.Context(), keyring.UnitRef{Authority: af, ID: s.unit("epoch")})
	s.must(err)
	mac := hmac.New(sha256.New, unit.MAC("stat:p", nil))
	mac.Write(t)
	return base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:16])
}

func (s *system) unit(purpose string) (id uuid.UUID) {
	s.t.Helper()
	s.must(s.db.QueryRow(s.t.Context(), `SELECT unit FROM key_use WHERE purpose = $1`, purpose).Scan(&id))
	return id
}

func (s *system) keysLeft(want map[string]int) {
	s.t.Helper()
	rows, err := s.db.Query(s.t.Context(), `SELECT purpose FROM key_use UNION ALL SELECT 'doomed' FROM doomed_unit`)
	s.must(err)
	got := map[string]int{}
	for rows.Next() {
		var purpose string
		s.must(rows.Scan(&purpose))
		got[purpose]++
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Error(diff)
	}
}

func (s *system) counts(query string, want int) {
	s.t.Helper()
	var got int
	s.must(s.db.QueryRow(s.t.Context(), query).Scan(&got))
	if got != want {
		s.t.Errorf("%s: %d, not %d", query, got, want)
	}
}

// hasTotals compares counts; a date is told exactly while a separated row waits for it, and none is ever overdue.
func (s *system) hasTotals(want statistics.Summary) {
	s.t.Helper()
	var got statistics.Summary
	s.ask("summary", &got)
	if got.NextDue.IsZero() == (want.Present > 0) {
		s.t.Errorf("the next row goes at %v with %d present", got.NextDue, want.Present)
	}
	got.NextDue = want.NextDue
	if got != want {
		s.t.Errorf("totals %+v, not %+v", got, want)
	}
}

func (s *system) lastSequence() uint64 {
	s.t.Helper()
	js, err := jetstream.New(s.stats)
	s.must(err)
	stream, err := js.Stream(s.t.Context(), statistics.Stream)
	s.must(err)
	return stream.CachedInfo().State.LastSeq
}
