package review_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/review"
	"gallra.se/services/retention-timer/internal/sweep"
	"gallra.se/services/retention-timer/internal/testbed"
)

// reviewed is a world whose case files wait for a review.
func reviewed(t *testing.T) *testbed.Bed {
	t.Helper()
	b := testbed.New(t)
	p, err := b.Desk.Pack(b.Authority)
	if err != nil {
		t.Fatal(err)
	}
	files := p.Files()
	files["rules.yaml"] = strings.Replace(files["rules.yaml"], "{name: case.file,", "{name: case.file, review: true,", 1)
	changed, err := policy.Parse(b.Authority, files)
	if err != nil {
		t.Fatal(err)
	}
	b.Desk.Policy.Replace(changed)
	return b
}

// taken are the units that the sweep takes at a time.
func taken(t *testing.T, b *testbed.Bed, at string) (units []uuid.UUID) {
	t.Helper()
	b.Now.Set(testbed.At(at))
	b.Passed()
	b.Out.Take()
	s := &sweep.Sweep{DB: b.DB, Out: b.Out, Committed: func() {}, Clock: b.Now}
	if err := s.Run(t.Context(), b.Now.Now()); err != nil {
		t.Fatal(err)
	}
	for _, d := range b.Out.Take() {
		for _, u := range d.Data.(events.DisposalDue).Units {
			units = append(units, u.Unit)
		}
	}
	return units
}

func TestAReviewedUnitWaitsForItsListOrForTheCeiling(t *testing.T) {
	t.Parallel()
	b := reviewed(t)
	p := b.Registered("2021-01-04")
	first, second := p.Open("2021-01-04"), p.Open("2021-01-04")
	p.Deregister("2023-12-31")
	first.Close("2023-12-31")
	second.Close("2023-06-30")
	desk := &review.Desk{DB: b.DB, Changed: func() {}}
	if got := taken(t, b, "2026-03-01 00:00"); len(got) != 1 || got[0] != p.ID {
		t.Fatalf("%v went, expected the identity alone, which nobody reviews", got)
	}
	lists, err := desk.Lists(t.Context(), b.Authority)
	if err != nil || len(lists) != 1 || lists[0].Units != 2 || lists[0].Records != 2 || lists[0].Month != "2026-03" || lists[0].FirstDue.String() != "2026-03-01" {
		t.Fatalf("%+v, %v", lists, err)
	}
	if got := taken(t, b, "2026-06-29 23:59"); len(got) != 0 {
		t.Errorf("%v went without approval", got)
	}
	if got := taken(t, b, "2026-06-30 00:00"); len(got) != 1 || got[0] != second.Share {
		t.Errorf("%v went at the ceiling of the second", got)
	}
	b.Now.Set(testbed.At("2026-07-01 09:00"))
	_, err = desk.Approve(t.Context(), b.Authority, review.Approval{Category: "case.file", Month: "2026-03", Hash: lists[0].Hash})
	if reason(err) != "review-stale" {
		t.Errorf("the list that was looked at is another one: %v", err)
	}
	_, err = desk.Approve(t.Context(), b.Authority, review.Approval{Category: "case.file", Month: "2026-04", Hash: lists[0].Hash})
	if reason(err) != "not-found" {
		t.Errorf("no such list: %v", err)
	}
	if lists, err = desk.Lists(t.Context(), b.Authority); err != nil || len(lists) != 1 {
		t.Fatalf("%+v, %v", lists, err)
	}
	n, err := desk.Approve(t.Context(), b.Authority, review.Approval{Category: "case.file", Month: "2026-03", Hash: lists[0].Hash})
	if err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if got := taken(t, b, "2026-07-01 09:05"); len(got) != 1 || got[0] != first.Share {
		t.Errorf("%v went after the approval", got)
	}
}

func TestAnApprovalDoesNotOutlastTheDateItWasGivenFor(t *testing.T) {
	t.Parallel()
	b := reviewed(t)
	p := b.Registered("2021-01-04")
	c := p.Open("2021-01-04")
	p.Deregister("2023-12-31")
	c.Close("2023-12-31")
	desk := &review.Desk{DB: b.DB, Changed: func() {}}
	b.Now.Set(testbed.At("2026-02-01 09:00"))
	lists, err := desk.Lists(t.Context(), "")
	if err != nil || len(lists) != 1 {
		t.Fatalf("%+v, %v", lists, err)
	}
	if _, err := desk.Approve(t.Context(), b.Authority, review.Approval{Category: "case.file", Month: lists[0].Month, Hash: lists[0].Hash}); err != nil {
		t.Fatal(err)
	}
	c.Reopen("2026-02-02")
	c.Close("2026-02-03")
	if u := b.Unit(c.Share); u.Approved {
		t.Errorf("it is still approved, due %s", u.DueOn)
	}
}

func reason(err error) string {
	var p problem.Problem
	if errors.As(err, &p) {
		return p.Reason
	}
	return ""
}
