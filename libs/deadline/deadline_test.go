package deadline

import (
	"testing"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

func af(t *testing.T) *policy.Pack {
	t.Helper()
	p, ok := policy.Default().Pack("arbetsformedlingen")
	if !ok {
		t.Fatal("no pack")
	}
	return p
}

func day(s string) calendar.Date {
	if s == "" {
		return calendar.Date{}
	}
	return calendar.MustDate(s)
}

func contact(p *policy.Pack, category, ended string) Schedule {
	return Of(p, Facts{Category: category, CollectedOn: day(ended), Own: day(ended)})
}

func identity(p *policy.Pack, deregistered calendar.Date) Schedule {
	return Of(p, Facts{Category: "person.identity", CollectedOn: day("2021-01-04"), Deregistered: deregistered})
}

func share(p *policy.Pack, deregistered, closed calendar.Date) Schedule {
	return Of(p, Facts{Category: "case.file", CaseType: "job-seeking", CollectedOn: day("2021-01-04"), InCase: true,
		Deregistered: deregistered, Closed: closed})
}

func due(s Schedule) (on, rule string) {
	c, ok := s.Effective()
	if !ok {
		return "none", ""
	}
	return c.DueOn.String(), c.Rule.ID
}

func TestAContactGoesByTheRuleOfItsCategory(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ category, ended, on, rule string }{
		{"contact.phone-log", "2024-01-30", "2025-05-01", "AFC-10"},
		{"contact.phone-log", "2024-01-31", "2025-05-01", "AFC-10"},
		{"contact.phone-log", "2024-02-01", "2025-05-02", "AFC-10"},
		{"contact.phone-log", "2023-08-30", "2024-12-01", "AFC-10"}, // SC-02
		{"contact.chat", "2024-01-31", "2024-03-01", "AFC-21"},      // SC-03
		{"contact.chat", "2025-01-31", "2025-03-02", "AFC-21"},
	} {
		if on, rule := due(contact(af(t), c.category, c.ended)); on != c.on || rule != c.rule {
			t.Errorf("%s ended %s: %s by %s, want %s by %s", c.category, c.ended, on, rule, c.on, c.rule)
		}
	}
	if _, ok := contact(af(t), "contact.fax", "2024-01-31").Effective(); ok || Promised(af(t), "contact.fax", "") {
		t.Error("a category without a rule got a date")
	}
}

func TestAnIdentityGoesTwentySixMonthsAfterDeregistration(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ deregistered, on string }{
		{"", "none"},
		{"2022-05-15", "2024-07-16"},
		{"2022-05-16", "2024-07-17"}, // SC-08
		{"2022-05-17", "2024-07-18"},
		{"2024-10-31", "2027-01-01"},
		{"2024-03-31", "2026-06-01"}, // SC-02
		{"2025-09-15", "2027-11-16"}, // SC-10
	} {
		on, _ := due(identity(af(t), day(c.deregistered)))
		if on != c.on {
			t.Errorf("deregistered %q: %s, want %s", c.deregistered, on, c.on)
		}
	}
}

func TestAShareGoesWithTheIdentityOrAtItsOwnCeiling(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, deregistered, closed, on, rule, normal, ceiling, statutory string }{
		{"open, person registered", "", "", "none", "", "", "", ""},
		{"open, person deregistered", "2024-03-31", "", "none", "", "", "", ""},
		{"closed with the registration (SC-02)", "2024-03-31", "2024-03-31", "2026-06-01", "AFC-13", "2026-06-01", "2027-03-31", "2027-12-31"},
		{"closed while registered (SC-10)", "", "2022-03-31", "2025-03-31", "AFG-53", "", "2025-03-31", "2025-12-31"},
		{"ceiling before the normal date (SC-08)", "2024-10-31", "2022-05-16", "2025-05-16", "AFG-53", "2027-01-01", "2025-05-16", "2025-12-31"},
		{"closed the day before E", "2022-05-16", "2024-07-15", "2024-07-17", "AFC-13", "2024-07-17", "2027-07-15", "2027-12-31"},
		{"closed on E", "2022-05-16", "2024-07-16", "2024-07-17", "AFC-13", "2024-07-17", "2027-07-16", "2027-12-31"},
		{"still open at E", "2022-05-16", "2024-07-17", "2027-07-17", "AFG-53", "", "2027-07-17", "2027-12-31"},
		{"tie", "2023-01-31", "2022-04-01", "2025-04-01", "AFC-13", "2025-04-01", "2025-04-01", "2025-12-31"},
		{"a day before the tie", "2023-01-31", "2022-03-31", "2025-03-31", "AFG-53", "2025-04-01", "2025-03-31", "2025-12-31"},
		{"a day after the tie", "2023-01-31", "2022-04-02", "2025-04-01", "AFC-13", "2025-04-01", "2025-04-02", "2025-12-31"},
	} {
		s := share(af(t), day(c.deregistered), day(c.closed))
		on, rule := due(s)
		got := []string{on, rule, dueOn(s.Normal), dueOn(s.Ceiling), s.Statutory.String()}
		want := []string{c.on, c.rule, c.normal, c.ceiling, c.statutory}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, want)
				break
			}
		}
	}
}

func dueOn(c *Clock) string {
	if c == nil {
		return ""
	}
	return c.DueOn.String()
}

func TestAnAuthorityThatStatesNoPeriodForCasesGetsNone(t *testing.T) {
	t.Parallel()
	te, _ := policy.Default().Pack("te-customer-service")
	if _, ok := identity(te, day("2022-05-16")).Effective(); ok {
		t.Error("an identity got a date that no notice states")
	}
	if _, ok := share(te, day("2022-05-16"), day("2022-05-16")).Effective(); ok {
		t.Error("a case got a date that no notice states")
	}
}

func TestAReleasedHoldMovesTheDateForwardOnly(t *testing.T) {
	t.Parallel()
	s := contact(af(t), "contact.chat", "2024-01-31")
	for notBefore, want := range map[string]string{"": "2024-03-01", "2024-02-01": "2024-03-01", "2024-04-11": "2024-04-11"} {
		if d, ok := DueOf(af(t), s, day(notBefore)); !ok || d.On.String() != want || d.At != af(t).Midnight(day(want)) {
			t.Errorf("not before %q: %v", notBefore, d)
		}
	}
}
