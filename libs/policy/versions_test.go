package policy

import (
	"testing"

	"pgregory.net/rapid"

	"gallra.se/libs/calendar"
)

// chatChanged is Arbetsförmedlingen's chat as SC-29 changes it: 29 days, 14 from July 2025, 60 from September.
func chatChanged(t *testing.T) (*Pack, Rule) {
	t.Helper()
	p := *pack(t, "arbetsformedlingen")
	old, _ := p.RuleFor("contact.chat")
	p.Rules = []Rule{old, version(old, "2025-07-01", 14), version(old, "2025-09-01", 60)}
	return &p, old
}

func version(of Rule, from string, days int) Rule {
	of.ValidFrom, of.Period = calendar.MustDate(from), calendar.Period{Days: days}
	return of
}

func TestOfSeveralVersionsSinceCollectionTheShortestCounts(t *testing.T) {
	t.Parallel()
	p, chat := chatChanged(t)
	for _, c := range []struct {
		ended, gone string
		days        int // of the version that won
	}{
		{"2025-05-01", "2025-05-31", 29}, // gone before the change
		{"2025-06-10", "2025-07-01", 14}, // shortened: gone on the first day of the change
		{"2025-06-17", "2025-07-02", 14},
		{"2025-08-31", "2025-09-15", 14}, // a later, longer period prolongs nothing
		{"2025-09-01", "2025-11-01", 60},
	} {
		ended := calendar.MustDate(c.ended)
		gone, won := p.GoneFrom(chat, ended, ended)
		if gone != calendar.MustDate(c.gone) || won.Period.Days != c.days {
			t.Errorf("ended %s: gone from %s by %s, want %s by %d days", ended, gone, won.Period, c.gone, c.days)
		}
	}
}

func TestMoreVersionsNeverKeepARecordLonger(t *testing.T) {
	t.Parallel()
	p, chat := chatChanged(t)
	one := *p
	one.Rules = p.Rules[:1]
	rapid.Check(t, func(rt *rapid.T) {
		d0 := calendar.MustDate("2025-03-01").AddDays(rapid.IntRange(0, 180).Draw(rt, "day"))
		changed, _ := p.GoneFrom(chat, d0, d0)
		unchanged, _ := one.GoneFrom(chat, d0, d0)
		if d0.Before(calendar.MustDate("2025-09-01")) && changed.After(unchanged) {
			rt.Fatalf("ended %s: %s with the changes, %s without", d0, changed, unchanged)
		}
	})
}
