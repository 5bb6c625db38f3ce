package hold_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/hold"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/sweep"
	"gallra.se/services/retention-timer/internal/testbed"
	"gallra.se/services/retention-timer/internal/watch"
)

func desk(b *testbed.Bed) *hold.Desk {
	return &hold.Desk{Desk: b.Desk.Desk, DB: b.DB, Clock: b.Now, Changed: func() {}, Patience: 200 * time.Millisecond}
}

func place(t *testing.T, b *testbed.Bed, scope string, target uuid.UUID) store.Hold {
	t.Helper()
	h, err := desk(b).Place(t.Context(), testbed.AF, hold.Request{Scope: scope, Target: target, Reason: "complaint"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// sweepAt runs the sweep at a time and says how many units it took.
func sweepAt(t *testing.T, b *testbed.Bed, now string) int {
	t.Helper()
	b.Now.Set(testbed.At(now))
	b.Passed()
	b.Out.Take()
	s := &sweep.Sweep{DB: b.DB, Out: b.Out, Committed: func() {}, Clock: b.Now}
	if err := s.Run(t.Context(), b.Now.Now()); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, d := range b.Out.Take() {
		n += len(d.Data.(events.DisposalDue).Units)
	}
	return n
}

func reason(err error) string {
	var p problem.Problem
	if errors.As(err, &p) {
		return p.Reason
	}
	return ""
}

func TestAHeldUnitStaysAndGoesAtTheMidnightAfterItsRelease(t *testing.T) { // SC-22
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-01-04")
	c := p.Open("2021-01-04")
	p.Deregister("2023-12-31")
	c.Close("2023-12-31")
	b.Now.Set(testbed.At("2026-02-10 10:00"))
	b.Out.Take()
	h := place(t, b, "person", p.ID)
	if told := b.Out.Take(); len(told) != 1 || told[0].Type != events.TypeHoldPlaced || len(told[0].Data.(events.HoldPlaced).Units) != 2 {
		t.Fatalf("the holder was told %+v", told)
	}
	if n := sweepAt(t, b, "2026-03-01 00:00"); n != 0 {
		t.Fatalf("%d held units were taken", n)
	}
	b.Now.Set(testbed.At("2026-03-10 15:00"))
	if err := desk(b).Release(t.Context(), testbed.AF, h.ID); err != nil {
		t.Fatal(err)
	}
	told := b.Out.Take()
	if len(told) != 2 || told[0].Type != events.TypeClockRecomputed || told[1].Type != events.TypeHoldReleased {
		t.Errorf("the holder was told %+v", told)
	}
	if u := b.Unit(c.Share); u.DueOn.String() != "2026-03-11" || u.Rule != "AFC-13" {
		t.Errorf("due %s by %s", u.DueOn, u.Rule)
	}
	if n := sweepAt(t, b, "2026-03-10 23:59"); n != 0 {
		t.Errorf("%d units were taken before midnight", n)
	}
	if n := sweepAt(t, b, "2026-03-11 00:00"); n != 2 {
		t.Errorf("%d units were taken at midnight, want 2", n)
	}
}

func TestAReleaseBeforeTheLastDayChangesNoDate(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := b.Contact("contact.chat", "2024-01-31")
	b.Now.Set(testbed.At("2024-02-10 10:00"))
	h := place(t, b, "record", id)
	for range 2 { // releasing twice is releasing once
		if err := desk(b).Release(t.Context(), testbed.AF, h.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := sweepAt(t, b, "2024-03-01 00:00"); n != 1 {
		t.Errorf("%d units were taken", n)
	}
}

func TestTwoHoldsMustBothBeReleased(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-01-04")
	c := p.Open("2021-01-04")
	c.Close("2021-03-31")
	b.Now.Set(testbed.At("2024-03-01 10:00"))
	first, second := place(t, b, "case", c.ID), place(t, b, "record", c.FileID)
	for _, step := range []struct {
		release uuid.UUID
		now     string
		taken   int
	}{{first.ID, "2024-04-02 00:00", 0}, {second.ID, "2024-04-03 00:00", 1}} {
		if err := desk(b).Release(t.Context(), testbed.AF, step.release); err != nil {
			t.Fatal(err)
		}
		if n := sweepAt(t, b, step.now); n != step.taken {
			t.Errorf("%s: %d units were taken, want %d", step.now, n, step.taken)
		}
	}
}

func TestPlacingAgainRenewsTheReview(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := b.Contact("contact.chat", "2024-01-31")
	b.Now.Set(testbed.At("2024-02-10 10:00"))
	first := place(t, b, "record", id)
	b.Now.Set(testbed.At("2024-02-20 10:00"))
	again := place(t, b, "record", id)
	if again.ID != first.ID || !again.ReviewAt.After(first.ReviewAt) {
		t.Errorf("first %+v, again %+v", first, again)
	}
}

func TestAHoldWaitsForTheHoldersAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, reason string
		answer       func(b *testbed.Bed, id uuid.UUID)
	}{
		{"disposed", "conflict", func(b *testbed.Bed, id uuid.UUID) { b.Disposed(events.Intake, "AFC-21", "2024-03-01", id) }},
		{"declined", "", func(b *testbed.Bed, id uuid.UUID) { b.Declined(events.Intake, "busy", id) }},
		{"silent", "unavailable", func(*testbed.Bed, uuid.UUID) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := testbed.New(t)
			id := b.Contact("contact.chat", "2024-01-31")
			if n := sweepAt(t, b, "2024-03-01 00:00"); n != 1 {
				t.Fatal("not due")
			}
			d := desk(b)
			if c.reason != "unavailable" {
				d.Patience = time.Minute
			}
			answered := make(chan error)
			go func() {
				_, err := d.Place(context.Background(), testbed.AF, hold.Request{Scope: "record", Target: id, Reason: "court"})
				answered <- err
			}()
			c.answer(b, id)
			if err := <-answered; reason(err) != c.reason || (err == nil) != (c.reason == "") {
				t.Errorf("%v, want %q", err, c.reason)
			}
		})
	}
}

func TestAHoldMayComeBeforeItsRecord(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := uuid.New()
	b.Now.Set(testbed.At("2024-01-31 10:00"))
	place(t, b, "record", id)
	b.ContactAs(id, "contact.chat", "2024-01-31")
	told := b.Out.Take()
	if len(told) != 2 || told[1].Type != events.TypeHoldPlaced {
		t.Errorf("the holder was told %+v", told)
	}
	if n := sweepAt(t, b, "2024-03-01 00:00"); n != 0 || !b.Unit(id).Held {
		t.Errorf("%d units were taken", n)
	}
}

func TestAnImpossibleHoldIsRefused(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(testbed.At("2024-02-10 10:00"))
	id := b.Contact("contact.chat", "2024-01-31")
	for _, c := range []struct {
		request hold.Request
		reason  string
	}{
		{hold.Request{Scope: "planet", Target: id, Reason: "court"}, "invalid-field"},
		{hold.Request{Scope: "record", Target: id, Reason: "curiosity"}, "invalid-field"},
		{hold.Request{Scope: "record", Reason: "court"}, "missing-field"},
		{hold.Request{Scope: "record", Target: id, Reason: "court", ReviewAt: "soon"}, "invalid-time"},
		{hold.Request{Scope: "record", Target: id, Reason: "court", ReviewAt: "2024-02-10"}, "invalid-time"},
		{hold.Request{Scope: "record", Target: id, Reason: "court", ReviewAt: "2024-08-11"}, "invalid-time"},
		{hold.Request{Scope: "record", Target: id, Reason: "court", ReviewAt: "2024-08-10"}, ""},
		{hold.Request{Scope: "record", Target: id, Reason: "court", ReviewAt: "2024-08-10T23:59:00+02:00"}, ""},
	} {
		if _, err := desk(b).Place(t.Context(), testbed.AF, c.request); reason(err) != c.reason || (err == nil) != (c.reason == "") {
			t.Errorf("%+v: %v, want %q", c.request, err, c.reason)
		}
	}
	if err := desk(b).Release(t.Context(), testbed.AF, uuid.New()); reason(err) != "not-found" {
		t.Errorf("a hold nobody placed: %v", err)
	}
}

func TestNoHoldPassesTwelveMonthsFromTheCall(t *testing.T) { // KSC-14
	t.Parallel()
	b := testbed.NewAt(t, "te-customer-service")
	recording := b.Contact("contact.recording", "2025-08-31")
	b.Now.Set(testbed.At("2026-01-20 10:00"))
	if _, err := desk(b).Place(t.Context(), b.Authority, hold.Request{Scope: "record", Target: recording, Reason: "complaint"}); err != nil {
		t.Fatal(err)
	}
	if n := sweepAt(t, b, "2026-08-30 22:59"); n != 0 {
		t.Errorf("%d held recordings went before", n)
	}
	b.Now.Set(testbed.At("2026-08-30 23:00")) // 00:00 in Helsinki
	b.Passed()
	b.Out.Take()
	s := &sweep.Sweep{DB: b.DB, Out: b.Out, Committed: func() {}, Clock: b.Now}
	if err := s.Run(t.Context(), b.Now.Now()); err != nil {
		t.Fatal(err)
	}
	told := b.Out.Take()
	if len(told) != 1 || !told[0].Data.(events.DisposalDue).Units[0].DespiteHolds {
		t.Errorf("told %+v", told)
	}
}

func TestAHoldThatNobodyReviewedRaisesAnAlarmAndStays(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	chat := b.Contact("contact.chat", "2024-01-31")
	b.Now.Set(testbed.At("2024-02-01 10:00"))
	r := hold.Request{Scope: "record", Target: chat, Reason: "restriction", ReviewAt: "2024-05-01"}
	h, err := desk(b).Place(t.Context(), b.Authority, r)
	if err != nil {
		t.Fatal(err)
	}
	reviews := watch.Reviews(b.DB)
	at, ok, err := reviews.Next(t.Context())
	if err != nil || !ok || !at.Equal(testbed.At("2024-05-01 00:00")) {
		t.Fatalf("next review %s %v %v", at, ok, err)
	}
	if err := reviews.Run(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	open, err := store.Alarms(t.Context(), b.DB, b.Authority)
	if err != nil || len(open) != 1 || open[0].Name != "hold-review-due" || open[0].Subject != h.ID.String() {
		t.Errorf("%+v, %v", open, err)
	}
	if n := sweepAt(t, b, "2024-06-01 00:00"); n != 0 {
		t.Errorf("%d went although the hold stays", n)
	}
	r.ReviewAt = "2024-08-01"
	if _, err := desk(b).Place(t.Context(), b.Authority, r); err != nil {
		t.Fatal(err)
	}
	if open, _ = store.Alarms(t.Context(), b.DB, b.Authority); len(open) != 0 {
		t.Errorf("renewed, and the alarm stands: %+v", open)
	}
	if _, ok, _ := reviews.Next(t.Context()); !ok {
		t.Error("nobody looks at the next review")
	}
}

func TestARecordThatAloneIsHeldLetsTheRestGo(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-01-04")
	c := p.Open("2021-01-04")
	note := c.Note()
	p.Deregister("2023-12-31")
	c.Close("2023-12-31")
	b.Now.Set(testbed.At("2026-02-10 10:00"))
	h := place(t, b, "record", note)
	b.Out.Take()
	own := uuid.New()
	b.Tell(events.TypeCaseParted, p.ID, events.CaseRecordParted{Person: p.ID, Record: note, FromUnit: c.Share, Unit: own, Case: c.ID, Category: "case.note"})
	if b.UnitOf(note) != own || !b.Unit(own).Held || b.Unit(c.Share).Held {
		t.Fatalf("the note goes with %s, held %v, the rest held %v", b.UnitOf(note), b.Unit(own).Held, b.Unit(c.Share).Held)
	}
	if n := sweepAt(t, b, "2026-03-01 00:00"); n != 2 {
		t.Errorf("%d units were taken, expected the identity and the rest of the share", n)
	}
	b.Now.Set(testbed.At("2026-03-05 10:00"))
	if err := desk(b).Release(t.Context(), testbed.AF, h.ID); err != nil {
		t.Fatal(err)
	}
	if n := sweepAt(t, b, "2026-03-06 00:00"); n != 1 {
		t.Errorf("%d units were taken after the release, expected the note's", n)
	}
}

// A recording that was told of after its twelve months is due at once, whatever holds it and whenever that is released.
func TestAReleaseAfterTheAbsoluteDayMovesNoDate(t *testing.T) {
	t.Parallel()
	b := testbed.NewAt(t, "te-customer-service")
	b.Now.Set(testbed.At("2044-06-09 08:12"))
	recording := b.Contact("contact.recording", "2043-04-30")
	h, err := desk(b).Place(t.Context(), b.Authority, hold.Request{Scope: "record", Target: recording, Reason: "complaint"})
	if err != nil {
		t.Fatal(err)
	}
	before := b.Unit(recording)
	if err := desk(b).Release(t.Context(), b.Authority, h.ID); err != nil {
		t.Fatal(err)
	}
	if after := b.Unit(recording); after.DueOn != before.DueOn || after.NotBefore != before.NotBefore || !after.ClaimAt.Equal(before.ClaimAt) {
		t.Errorf("due %s, not before %q; it was %s", after.DueOn, after.NotBefore, before.DueOn)
	}
}
