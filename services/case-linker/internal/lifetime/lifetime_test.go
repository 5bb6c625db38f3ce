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

func af(t *testing.T) *policy.Pack { return pack(t, "arbetsformedlingen") }

func pack(t *testing.T, authority string) *policy.Pack {
	t.Helper()
	p, ok := policy.Default().Pack(authority)
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

func TestNotesThatGoAtAnotherTimeThanTheFileAreApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		authority, category, caseType string
		apart                         bool
	}{
		{"arbetsformedlingen", "case.note", "job-seeking", false},
		{"arbetsformedlingen", "case.document", "job-seeking", false},
		{"arbetsformedlingen", "case.draft", "job-seeking", false},
		{"arbetsformedlingen", "case.document", "recruitment", false},
		{"stockholm-labour-market-board", "case.note", "service", false},
		{"stockholm-labour-market-board", "case.draft", "service", true},
		{"stockholm-labour-market-board", "case.document", "service", true},
		{"te-services", "case.draft", "job-seeking", false},
	} {
		if got := lifetime.Apart(pack(t, c.authority), c.category, c.caseType); got != c.apart {
			t.Errorf("%s %s %s: %v", c.authority, c.category, c.caseType, got)
		}
	}
}

func TestDraftsAreSweptOnTheFirstMondayAfterTheClosingAndDocumentsNever(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ category, closed, dueOn, veto string }{
		{"case.draft", "2025-04-02", "2025-04-06", lifetime.NotYetDue},
		{"case.draft", "2025-04-02", "2025-04-07", ""},
		{"case.draft", "2025-04-07", "2025-04-13", lifetime.NotYetDue}, // closed on a Monday
		{"case.draft", "2025-04-07", "2025-04-14", ""},
		{"case.draft", "", "2025-04-14", lifetime.CaseOpen},
		{"case.document", "2025-04-02", "2099-01-01", lifetime.Preserved},
		{"case.document", "", "2099-01-01", lifetime.Preserved},
		{"", "2025-04-02", "2025-04-02", lifetime.NotYetDue},
		{"", "2025-04-02", "2025-04-03", ""},
	} {
		f := lifetime.Facts{Category: c.category, CaseType: "service", OpenedOn: on("2024-01-02"), ClosedOn: on(c.closed)}
		if got := lifetime.ShareVeto(pack(t, "stockholm-labour-market-board"), f, false, on(c.dueOn)); got != c.veto {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestWhatTheNoticeIsSilentAboutIsNeverGone(t *testing.T) {
	t.Parallel()
	te := pack(t, "te-services")
	if got := lifetime.IdentityVeto(te, lifetime.Facts{RegisteredOn: on("2020-01-01"), DeregisteredOn: on("2021-01-01")}, on("2099-01-01")); got != lifetime.NotYetDue {
		t.Errorf("an identity: %q", got)
	}
	if got := lifetime.ShareVeto(te, lifetime.Facts{CaseType: "job-seeking", OpenedOn: on("2020-01-01"), ClosedOn: on("2021-01-01")}, false, on("2099-01-01")); got != lifetime.NotYetDue {
		t.Errorf("a share: %q", got)
	}
}

func TestTheRuleThatKeepsARecordIsCited(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ authority, category, caseType, closed, today, rule string }{
		{"arbetsformedlingen", "case.document", "recruitment", "", "2025-01-10", "AFG-42"},
		{"arbetsformedlingen", "case.document", "recruitment", "2024-05-31", "2026-05-31", "AFG-42"},
		{"arbetsformedlingen", "case.document", "recruitment", "2024-05-31", "2026-06-01", "AFG-52"},
		{"arbetsformedlingen", "case.draft", "job-seeking", "2024-05-31", "2025-01-10", "AFG-53"},
		{"stockholm-labour-market-board", "case.document", "service", "2024-05-31", "2025-01-10", "STH-18"},
		{"stockholm-labour-market-board", "case.draft", "service", "", "2025-01-10", "STH-19"},
	} {
		f := lifetime.Facts{Category: c.category, CaseType: c.caseType, OpenedOn: on("2024-01-02"), ClosedOn: on(c.closed)}
		if got := lifetime.KeptBy(pack(t, c.authority), f, on(c.today)); got != c.rule {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
