package lifetime_test

import (
	"testing"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/services/case-linker/internal/lifetime"
)

func on(s string) calendar.Date {
	if s == "" {
		return calendar.Date{}
	}
	return calendar.MustDate(s)
}

func af(t *testing.T) *policy.Pack {
	t.Helper()
	p, ok := policy.Default().Pack("arbetsformedlingen")
	if !ok {
		t.Fatal("no pack")
	}
	return p
}

func TestAnIdentityIsGoneFromTheDayAfterTwentySixMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ deregistered, dueOn, veto string }{
		{"2021-12-31", "2024-02-29", lifetime.NotYetDue}, // E itself
		{"2021-12-31", "2024-03-01", ""},
		{"2021-12-31", "2024-03-02", ""},
		{"", "2024-03-01", lifetime.Registered},
	} {
		f := lifetime.Facts{RegisteredOn: on("2021-01-01"), DeregisteredOn: on(c.deregistered)}
		if got := lifetime.IdentityVeto(af(t), f, on(c.dueOn)); got != c.veto {
			t.Errorf("deregistered %q, due %s: %q, expected %q", c.deregistered, c.dueOn, got, c.veto)
		}
	}
}

func TestAShareGoesByTheEarlierOfRegistrationAndCeiling(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		deregistered, closed string
		identityGone         bool
		dueOn, veto          string
	}{
		"open":                                  {"2021-12-31", "", false, "2024-03-01", lifetime.CaseOpen},
		"closed, day before normal":             {"2021-12-31", "2021-12-31", false, "2024-02-29", lifetime.NotYetDue},
		"closed, normal":                        {"2021-12-31", "2021-12-31", false, "2024-03-01", ""},
		"still registered, day before ceiling":  {"", "2022-03-31", false, "2025-03-30", lifetime.NotYetDue},
		"still registered, ceiling":             {"", "2022-03-31", false, "2025-03-31", ""},
		"closed after the identity's last day":  {"2021-12-31", "2024-03-05", false, "2024-03-06", lifetime.NotYetDue},
		"identity gone, closed":                 {"", "2024-03-05", true, "2027-03-05", ""},
		"identity gone, open again":             {"", "", true, "2027-03-05", lifetime.CaseOpen},
		"registered again, the old normal date": {"", "2022-05-16", false, "2024-07-17", lifetime.NotYetDue},
	} {
		f := lifetime.Facts{RegisteredOn: on("2021-01-01"), DeregisteredOn: on(c.deregistered), CaseType: "job-seeking", OpenedOn: on("2021-01-02"), ClosedOn: on(c.closed)}
		if got := lifetime.ShareVeto(af(t), f, c.identityGone, on(c.dueOn)); got != c.veto {
			t.Errorf("%s: %q, expected %q", name, got, c.veto)
		}
	}
}
