package calendar

import "testing"

func TestAnswersAreDueWithinTheMonthOrOnTheNextWorkingDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ received, nominal, target, lastDay, extended string }{
		{"2025-01-31", "2025-02-28", "2025-02-28", "2025-02-28", "2025-04-30"},
		{"2025-04-01", "2025-05-01", "2025-04-30", "2025-05-02", "2025-07-01"}, // the first of May
		{"2025-05-22", "2025-06-22", "2025-06-19", "2025-06-23", "2025-08-22"}, // Sunday after Midsummer
		{"2025-11-24", "2025-12-24", "2025-12-23", "2025-12-29", "2026-02-24"}, // Christmas Eve, then a weekend
		{"2024-01-30", "2024-02-29", "2024-02-29", "2024-02-29", "2024-04-30"},
	} {
		first := Respond(MustDate(c.received), 1, Sweden())
		want := Deadline{MustDate(c.nominal), MustDate(c.target), MustDate(c.lastDay)}
		if first != want {
			t.Errorf("received %s: %v, want %v", c.received, first, want)
		}
		if got := Respond(MustDate(c.received), 3, Sweden()).LastDay; got != MustDate(c.extended) {
			t.Errorf("received %s, extended: %s, want %s", c.received, got, c.extended)
		}
	}
}

func TestAnAppealMustBeInAfterThreeWeeks(t *testing.T) {
	t.Parallel()
	for served, last := range map[string]string{
		"2025-03-12": "2025-04-02",
		"2025-04-25": "2025-05-16",
		"2025-12-04": "2025-12-29",
	} {
		if got := AppealEnd(MustDate(served), Sweden()).LastDay; got != MustDate(last) {
			t.Errorf("served %s: %s, want %s", served, got, last)
		}
	}
}

func TestEvesCountAsEachCountryCountsThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day             string
		sweden, finland bool // holiday there
	}{
		{"2025-06-20", true, true},   // Midsummer's Eve
		{"2025-12-24", true, true},   // Christmas Eve
		{"2025-12-31", true, false},  // New Year's Eve
		{"2025-06-06", true, false},  // Swedish National Day
		{"2024-12-06", false, true},  // Finnish Independence Day
		{"2025-04-18", true, true},   // Good Friday
		{"2025-04-21", true, true},   // Easter Monday
		{"2025-05-29", true, true},   // Ascension Day
		{"2025-01-06", true, true},   // Epiphany
		{"2025-05-01", true, true},   // First of May
		{"2025-11-01", true, true},   // All Saints' Day
		{"2025-06-19", false, false}, // the day before Midsummer's Eve
		{"2025-12-23", false, false},
	} {
		d := MustDate(c.day)
		if got := Sweden().Holiday(d); got != c.sweden {
			t.Errorf("%s holiday in Sweden: %v, want %v", c.day, got, c.sweden)
		}
		if got := Finland().Holiday(d); got != c.finland {
			t.Errorf("%s holiday in Finland: %v, want %v", c.day, got, c.finland)
		}
	}
}
