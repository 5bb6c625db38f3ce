package api_test

import (
	"context"
	"math"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"gallra.se/events"
	"gallra.se/services/retention-timer/internal/consume"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
)

// measured is what a scrape would see now; a metric with a label by "name label".
func measured(t *testing.T, b *testbed.Bed) map[string]float64 {
	t.Helper()
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(outside(b).Metrics())
	families, err := metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]float64{}
	for _, family := range families {
		for _, m := range family.Metric {
			name := family.GetName()
			for _, l := range m.Label {
				name += " " + l.GetValue()
			}
			if seen[name] = m.GetGauge().GetValue(); family.GetType() == dto.MetricType_COUNTER {
				seen[name] = m.GetCounter().GetValue()
			}
		}
	}
	return seen
}

// told marks a unit as the sweep does when it tells the holder.
func told(b *testbed.Bed, id uuid.UUID) {
	b.Tx(func(tx pgx.Tx) error {
		return store.MarkDue(context.Background(), tx, []store.Unit{{Authority: testbed.AF, ID: id}})
	})
}

func TestAUnitPastItsDateIsSeenUntilItIsGoneAndOverdueAfterAQuarter(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := b.Contact("contact.chat", "2024-01-31")
	for _, step := range []struct {
		now                  string
		then                 func()
		due, overdue, oldest float64
	}{
		{now: "2024-02-29 23:59"},
		{now: "2024-03-01 00:10", due: 1, oldest: 600},
		{now: "2024-03-01 00:16", due: 1, overdue: 1, oldest: 960},
		{"2024-03-01 00:20", func() { told(b, id) }, 1, 1, 1200},
		{"2024-03-01 01:00", func() { b.Declined(events.Intake, "not-yet-due", id) }, 1, 1, 3600},
		{"2024-03-02 00:00", func() { told(b, id) }, 1, 1, 86400},
		{"2024-03-02 00:01", func() { b.Disposed(events.Intake, "AFC-21", "2024-03-01", id) }, 0, 0, 0},
	} {
		b.Now.Set(testbed.At(step.now))
		if step.then != nil {
			step.then()
		}
		seen := measured(t, b)
		if seen["gallra_retention_due_units"] != step.due || seen["gallra_retention_overdue_units"] != step.overdue ||
			seen["gallra_retention_oldest_due_seconds"] != step.oldest {
			t.Errorf("%s: %v", step.now, seen)
		}
	}
	if seen := measured(t, b); seen["gallra_retention_disposed_records_total AFC-21"] != 1 || seen["gallra_retention_disposed_records_total AFC-10"] != 0 {
		t.Errorf("%v", seen)
	}
}

func TestWhatAHoldCoversIsNotDue(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := b.Contact("contact.chat", "2024-01-31")
	dpo := as(b, "dpo", testbed.AF)
	b.Now.Set(testbed.At("2024-02-20 12:00"))
	body := `{"scope":"record","target":"` + id.String() + `","reason":"complaint","reviewAt":"2024-06-01T00:00:00Z"}`
	if code, said := dpo.ask("POST", "/v1/holds", body); code != 201 {
		t.Fatalf("%d %s", code, said)
	}
	b.Now.Set(testbed.At("2024-04-01 12:00"))
	if seen := measured(t, b); seen["gallra_retention_due_units"] != 0 || seen["gallra_retention_holds"] != 1 {
		t.Errorf("%v", seen)
	}
}

func TestAStreamThatHasNeverSpokenIsInfinitelyOld(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	spoke, silent := consume.Awaited[0], consume.Awaited[1]
	b.PassedBy(spoke)
	b.Now.Set(b.Now.Now().Add(90_000_000_000))
	b.Tx(func(tx pgx.Tx) error {
		return store.RaiseAlarm(context.Background(), tx, store.Everywhere, store.Alarm{Name: store.WatermarkMissing, Subject: silent.Service, RaisedAt: b.Now.Now()})
	})
	seen := measured(t, b)
	if age := seen["gallra_retention_watermark_age_seconds "+spoke.Stream]; math.Abs(age-90) > 0.001 {
		t.Errorf("%v", age)
	}
	if !math.IsInf(seen["gallra_retention_watermark_age_seconds "+silent.Stream], 1) {
		t.Errorf("%v", seen)
	}
	if seen["gallra_retention_alarms_open watermark-missing"] != 1 || seen["gallra_retention_alarms_open statutory-bound-exceeded"] != 0 {
		t.Errorf("%v", seen)
	}
}
