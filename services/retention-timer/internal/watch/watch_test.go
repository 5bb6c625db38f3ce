package watch_test

import (
	"io"
	"testing"
	"time"

	"gallra.se/libs/logs"
	"gallra.se/services/retention-timer/internal/consume"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/testbed"
	"gallra.se/services/retention-timer/internal/watch"
)

func open(t *testing.T, b *testbed.Bed) (names []string) {
	t.Helper()
	alarms, err := store.Alarms(t.Context(), b.DB, testbed.AF)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range alarms {
		names = append(names, a.Name+" "+a.Subject)
	}
	return names
}

func TestASilentProducerIsAnAlarmAfterFifteenMinutesOfRealTime(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2024-03-01 00:00"))
	b.PassedBy(consume.Awaited[0])
	s := &watch.Silence{DB: b.DB, Clock: b.Now, Log: logs.New(io.Discard, "test")}
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		after time.Duration
		heard bool
		want  int
	}{{0, false, 0}, {15*time.Minute - time.Second, false, 0}, {15 * time.Minute, false, 1}, {16 * time.Minute, true, 0}, {40 * time.Minute, false, 0}} {
		if step.heard {
			b.Passed()
		}
		if err := s.Look(t.Context(), start.Add(step.after)); err != nil {
			t.Fatal(err)
		}
		if got := open(t, b); len(got) != step.want || (step.want == 1 && got[0] != "watermark-missing case-linker") {
			t.Errorf("after %s: %v", step.after, got)
		}
	}
}

func TestAUnitThatOutlivesTheLastDayByLawIsAnAlarmUntilItGoes(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	c.Close("2021-03-31") // ceiling 2024-03-31, bound 2024-12-31
	bounds := watch.Bounds(b.DB)
	at, ok, err := bounds.Next(t.Context())
	if err != nil || !ok || !at.Equal(testbed.At("2025-01-01 00:00")) {
		t.Fatalf("%s %v %v", at, ok, err)
	}
	run(t, b, "2024-12-31 23:59")
	if got := open(t, b); len(got) != 0 {
		t.Errorf("on the last day: %v", got)
	}
	run(t, b, "2025-01-01 00:00")
	if got := open(t, b); len(got) != 1 || got[0] != "statutory-bound-exceeded "+c.Share.String() {
		t.Errorf("%v", got)
	}
	if _, ok, _ := bounds.Next(t.Context()); ok {
		t.Error("the same alarm would be raised again")
	}
	b.Disposed("case-linker", "AFG-53", "2024-03-31", c.Share)
	if got := open(t, b); len(got) != 0 {
		t.Errorf("after the disposal: %v", got)
	}
}

func run(t *testing.T, b *testbed.Bed, now string) {
	t.Helper()
	if err := watch.Bounds(b.DB).Run(t.Context(), testbed.At(now)); err != nil {
		t.Fatal(err)
	}
}
