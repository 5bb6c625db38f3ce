package consume_test

import (
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/services/retention-timer/internal/testbed"
)

// life is one person's history in business time, and the same person's contacts.
type life struct {
	deregistered calendar.Date   // zero: registered at the end
	closed       []calendar.Date // one per case; zero: open at the end
	contacts     []calendar.Date
}

// TestEveryDeliveryOrderGivesTheDatesOfTheModel tells a random life with events of the person in order, as their stream
// gives them, contacts anywhere between, and some events twice; the dates must be those of a model that knows only the end.
func TestEveryDeliveryOrderGivesTheDatesOfTheModel(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		var l life
		p := b.Registered("2021-01-04")
		var cases []testbed.Case
		contacts := map[uuid.UUID]calendar.Date{}
		since := calendar.MustDate("2021-01-04")
		for range rapid.IntRange(1, 12).Draw(rt, "events") {
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0:
				if l.deregistered = day(rt); l.deregistered.Before(since) {
					l.deregistered = since
				}
				p.Deregister(l.deregistered.String())
			case 1:
				l.deregistered = calendar.Date{}
				since = day(rt)
				p.Register(since.String())
			case 2:
				cases, l.closed = append(cases, p.Open("2021-01-05")), append(l.closed, calendar.Date{})
			case 3, 4:
				if len(cases) == 0 {
					continue
				}
				i := rapid.IntRange(0, len(cases)-1).Draw(rt, "case")
				if l.closed[i].IsZero() {
					l.closed[i] = day(rt)
					cases[i].Close(l.closed[i].String())
				} else if rapid.Bool().Draw(rt, "reopen") {
					l.closed[i] = calendar.Date{}
					cases[i].Reopen("2021-01-06")
				}
			case 5:
				on := day(rt)
				contacts[b.Contact("contact.chat", on.String())] = on
			}
		}
		agree(rt, b, p, cases, l)
		for id, on := range contacts {
			b.ContactAs(id, "contact.chat", on.String())
			if got := b.Unit(id).DueOn; got != calendar.End(on, calendar.Period{Days: 29}).AddDays(1) {
				rt.Fatalf("chat ended %s is due %s", on, got)
			}
		}
	})
}

func day(rt *rapid.T) calendar.Date {
	return calendar.MustDate("2021-06-01").AddDays(rapid.IntRange(0, 1500).Draw(rt, "day"))
}

// agree compares with the model, written from the requirements and not from the code.
func agree(rt *rapid.T, b *testbed.Bed, p testbed.Person, cases []testbed.Case, l life) {
	identity, normal := calendar.Date{}, calendar.Date{}
	if !l.deregistered.IsZero() {
		normal = calendar.End(l.deregistered, calendar.Period{Months: 26}).AddDays(1)
		identity = normal
	}
	if got := b.Unit(p.ID).DueOn; got != identity {
		rt.Fatalf("identity is due %s, model %s", got, identity)
	}
	for i, c := range cases {
		want, rule := calendar.Date{}, ""
		if !l.closed[i].IsZero() {
			want, rule = calendar.End(l.closed[i], calendar.Period{Months: 36}), "AFG-53"
			if !normal.IsZero() && l.closed[i].Before(normal) && !normal.After(want) {
				want, rule = normal, "AFC-13"
			}
		}
		if u := b.Unit(c.Share); u.DueOn != want || u.Rule != rule {
			rt.Fatalf("case closed %s, person deregistered %s: due %s by %s, model %s by %s",
				l.closed[i], l.deregistered, u.DueOn, u.Rule, want, rule)
		}
	}
}

// TestTheHolderKnowsTheSameDatesAsWeDo folds the clock events as a holder does and compares with the table.
func TestTheHolderKnowsTheSameDatesAsWeDo(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-01-04")
	c, d := p.Open("2021-01-05"), p.Open("2021-01-05")
	p.Deregister("2022-05-16")
	c.Close("2021-12-31")
	d.Close("2022-05-16")
	p.Register("2022-07-01")
	d.Reopen("2022-07-02")
	p.Deregister("2023-01-31")
	known := map[uuid.UUID]string{}
	for _, letter := range b.Out.Take() {
		switch said := letter.Data.(type) {
		case events.ClockStarted:
			learn(known, said.Units)
		case events.ClockRecomputed:
			learn(known, said.Units)
		case events.ClockCancelled:
			for _, u := range said.Units {
				delete(known, u.Unit)
			}
		}
	}
	for _, id := range []uuid.UUID{p.ID, c.Share, d.Share} {
		if got := b.Unit(id).DueOn.String(); got != known[id] {
			t.Errorf("the holder thinks %q, we %q", known[id], got)
		}
	}
}

func learn(known map[uuid.UUID]string, units []events.ClockUnit) {
	for _, u := range units {
		known[u.Unit] = u.DueOn
	}
}
