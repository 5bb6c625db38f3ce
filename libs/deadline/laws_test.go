package deadline

import (
	"testing"

	"pgregory.net/rapid"

	"gallra.se/libs/calendar"
)

var dates = rapid.Custom(func(t *rapid.T) calendar.Date {
	return calendar.MustDate("2021-01-01").AddDays(rapid.IntRange(0, 2200).Draw(t, "day"))
})

func TestNoShareOutlivesItsCeilingOrTheBoundOfLaw(t *testing.T) {
	t.Parallel()
	pack := af(t)
	rapid.Check(t, func(t *rapid.T) {
		var deregistered calendar.Date
		if rapid.Bool().Draw(t, "deregistered") {
			deregistered = dates.Draw(t, "deregistered on")
		}
		s := share(pack, deregistered, dates.Draw(t, "closed on"))
		c, ok := s.Effective()
		if !ok || c.DueOn.After(s.Ceiling.DueOn) || c.DueOn.After(s.Statutory) {
			t.Fatalf("due %v %s, ceiling %s, bound %s", ok, c.DueOn, s.Ceiling.DueOn, s.Statutory)
		}
	})
}

func TestReRegistrationNeverShortensAShare(t *testing.T) {
	t.Parallel()
	pack := af(t)
	rapid.Check(t, func(t *rapid.T) {
		closed := dates.Draw(t, "closed on")
		before, _ := share(pack, dates.Draw(t, "deregistered on"), closed).Effective()
		after, _ := share(pack, calendar.Date{}, closed).Effective()
		if after.DueOn.Before(before.DueOn) {
			t.Fatalf("registered again: %s, before %s", after.DueOn, before.DueOn)
		}
	})
}

// The reference model counts day by day and knows nothing of clocks: a share is held on a day when someone may still
// read it under some sentence of the notice.
func TestTheScheduleAgreesWithADayByDayModel(t *testing.T) {
	t.Parallel()
	pack := af(t)
	rapid.Check(t, func(t *rapid.T) {
		var deregistered calendar.Date
		if rapid.Bool().Draw(t, "deregistered") {
			deregistered = dates.Draw(t, "deregistered on")
		}
		closed := dates.Draw(t, "closed on")
		c, _ := share(pack, deregistered, closed).Effective()
		first := closed
		for held(deregistered, closed, first) {
			first = first.AddDays(1)
		}
		if c.DueOn.After(closed) && c.DueOn != first {
			t.Fatalf("deregistered %s, closed %s: schedule %s, model %s", deregistered, closed, c.DueOn, first)
		}
		if !c.DueOn.After(closed) && first != closed {
			t.Fatalf("deregistered %s, closed %s: overdue since %s, model %s", deregistered, closed, c.DueOn, first)
		}
	})
}

func held(deregistered, closed, on calendar.Date) bool {
	if !on.Before(calendar.End(closed, calendar.Period{Months: 36})) {
		return false
	}
	lastDay := calendar.End(deregistered, calendar.Period{Months: 26})
	return deregistered.IsZero() || closed.After(lastDay) || !on.After(lastDay)
}
