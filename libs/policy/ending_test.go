package policy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/calendar"
)

// ending is what Ending says, in short: "AFC-13 26 months exact from deregistered".
func ending(p *Pack, category, caseType string) string {
	var said []string
	for _, r := range p.Ending(category, caseType) {
		said = append(said, strings.Join([]string{r.ID, r.Period.String(), string(r.Mode), "from", string(r.Trigger)}, " "))
	}
	return strings.Join(said, "; ")
}

func TestWhatEndsARecordDependsOnItsCategoryAndCaseType(t *testing.T) {
	t.Parallel()
	const (
		af    = "arbetsformedlingen"
		ksc   = "te-customer-service"
		tes   = "te-services"
		sthlm = "stockholm-labour-market-board"

		seeker = "AFC-13 26 months exact from deregistered; AFG-53 36 months ceiling from case-closed"
		papers = "AFG-42 24 months exact from recruitment-closed"
		said   = "STH-17 0 days exact from case-closed"
	)
	for _, c := range []struct{ authority, category, caseType, ends, silence, preserved string }{
		{af, "contact.phone-log", "", "AFC-10 15 months exact from contact-ended", "", ""},
		{af, "contact.chat", "", "AFC-21 29 days exact from contact-ended", "", ""},
		{af, "person.identity", "", "AFC-13 26 months exact from deregistered", "", ""},
		{af, "case.file", "job-seeking", seeker, "", ""},
		{af, "case.note", "programme", seeker, "", ""},
		{af, "case.document", "control", seeker, "", ""},
		{af, "case.note", "benefit", seeker, "", ""},
		{af, "case.file", "recruitment", papers, "", ""},
		{af, "case.document", "recruitment", papers, "", ""},
		{af, "case.file", "supplier", "", "AFG-23", ""},
		{af, "case.note", "finance", "", "AFG-23", ""},
		{af, "statistics.row", "", "AFG-54 120 months ceiling from separation", "", ""},
		{af, "contact.survey", "", "AFG-34 12 months exact from contact-ended", "", ""},
		{af, "contact.mail-event", "", "AFG-31 15 months exact from contact-ended", "", ""},
		{af, "request.bare", "", "AFG-58 24 months exact from request-received", "", ""},
		{af, "case.draft", "job-seeking", "", "", ""},
		{ksc, "contact.recording", "", "KSC-13 6 months exact from contact-ended; KSC-14 12 months ceiling from contact-ended", "", ""},
		{ksc, "contact.chat", "", "KSC-17 180 days exact from contact-ended", "", ""},
		{ksc, "contact.email", "", "KSC-17 180 days exact from mail-received", "", ""},
		{ksc, "contact.econtact", "", "KSC-04 180 days exact from contact-ended", "", ""},
		{ksc, "group.participant", "", "KSC-18 12 months exact from group-ended", "", ""},
		{ksc, "person.identity", "", "", "", ""},
		{tes, "person.identity", "", "", "TES-01", ""},
		{tes, "case.file", "job-seeking", "", "TES-01", ""},
		{tes, "contact.recording", "", "", "TES-16", ""},
		{sthlm, "person.identity", "", "STH-17 0 days exact from deregistered", "", ""},
		{sthlm, "case.note", "service", said, "", ""},
		{sthlm, "case.file", "feedback", said, "", ""},
		{sthlm, "case.document", "service", "", "", "STH-18"},
		{sthlm, "case.draft", "job-seeking", "STH-19 0 days weekly from case-closed", "", ""},
		{sthlm, "contact.feedback", "", "STH-11 0 days ceiling from consent-withdrawn", "", ""},
	} {
		p := pack(t, c.authority)
		silence, _ := p.Silence(c.category, c.caseType)
		preserved, _ := p.Preserved(c.category, c.caseType)
		if diff := cmp.Diff([]string{c.ends, c.silence, c.preserved}, []string{ending(p, c.category, c.caseType), silence.ID, preserved.ID}); diff != "" {
			t.Errorf("%s %s %s: %s", c.authority, c.category, c.caseType, diff)
		}
	}
}

func TestASentenceThatNamesTheCaseTypeStandsBeforeOneThatNamesNone(t *testing.T) {
	t.Parallel()
	rule := func(id, period string, mode calendar.Mode, types ...string) Rule {
		r := Rule{ID: id, Category: "case.file", CaseTypes: types, Trigger: CaseClosed, Effect: Dispose, Mode: mode}
		if r.Stated = period != ""; r.Stated {
			r.Period, _ = calendar.ParsePeriod(period)
		}
		return r
	}
	p := &Pack{Rules: []Rule{
		rule("general", "2 years", calendar.Exact), rule("latest", "3 years", calendar.Ceiling),
		rule("own", "1 year", calendar.Exact, "benefit"), rule("silent", "", "", "supplier"),
	}}
	for caseType, want := range map[string]string{
		"programme": "general 24 months exact from case-closed; latest 36 months ceiling from case-closed",
		"benefit":   "own 12 months exact from case-closed; latest 36 months ceiling from case-closed",
		"supplier":  "",
	} {
		if got := ending(p, "case.file", caseType); got != want {
			t.Errorf("%s: %s, want %s", caseType, got, want)
		}
	}
	if r, ok := p.Silence("case.file", "supplier"); !ok || r.ID != "silent" {
		t.Error(r.ID, ok)
	}
	if r, ok := p.Silence("case.file", "programme"); ok {
		t.Error("a silence of another case type", r.ID)
	}
}

func TestEverySilenceAndAssumptionHasItsReasonInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, authority := range Default().Authorities() {
		for _, r := range pack(t, authority).Rules {
			if (!r.Stated || r.Assumed) && (r.Reason == "" || r.Why.Sv == "" || r.Why.En == r.Why.Sv) {
				t.Errorf("%s %s: %+v", authority, r.ID, r.Why)
			}
			if r.Source.En == r.Source.Sv {
				t.Errorf("%s %s has its source in one language", authority, r.ID)
			}
		}
	}
}

func TestFloorsAbsolutesWindowsAndExtensionsAreAsTheNoticesSay(t *testing.T) {
	t.Parallel()
	af, ksc := pack(t, "arbetsformedlingen"), pack(t, "te-customer-service")
	for _, r := range append(af.Rules, ksc.Rules...) {
		if r.Floor != (r.ID == "AFG-42") || r.Absolute != (r.ID == "KSC-14") {
			t.Errorf("%s: floor %v, absolute %v", r.ID, r.Floor, r.Absolute)
		}
	}
	window, ok := af.Window("case.document")
	if taken := calendar.MustDate("2024-08-31"); !ok || window.ID != "AFG-43" || window.GoneFrom(taken).String() != "2025-03-01" {
		t.Errorf("a test of %s: %v %s until %s", taken, ok, window.ID, window.GoneFrom(taken))
	}
	extension, ok := ksc.Extension("contact.recording")
	want := Extension{"KSC-14", "contact.recording", "KSC-13", "KSC-14", []string{"complaint", "quality"}, true}
	if !ok || !cmp.Equal(want, extension) {
		t.Error(extension)
	}
	if _, ok := af.Extension("contact.chat"); ok {
		t.Error("a chat can be kept longer")
	}
}

func TestDraftsGoWithTheFirstSweepAfterTheCaseClosed(t *testing.T) {
	t.Parallel()
	r, _ := pack(t, "stockholm-labour-market-board").RuleFor("case.draft")
	for closed, gone := range map[string]string{
		"2025-03-03": "2025-03-10", // a Monday: that day's sweep has been
		"2025-03-04": "2025-03-10",
		"2025-03-09": "2025-03-10", // a Sunday
		"2024-12-31": "2025-01-06",
	} {
		if got := r.GoneFrom(calendar.MustDate(closed)); got.String() != gone {
			t.Errorf("closed %s: gone from %s, want %s", closed, got, gone)
		}
	}
}

func TestTheStatutoryBoundHoldsForTheCasesItsLawIsAbout(t *testing.T) {
	t.Parallel()
	af, closed := pack(t, "arbetsformedlingen"), calendar.MustDate("2024-03-31")
	for caseType, want := range map[string]string{"programme": "2027-12-31", "recruitment": "", "supplier": ""} {
		if got := af.StatutoryBound(caseType, closed); got.String() != want {
			t.Errorf("%s: %s, want %q", caseType, got, want)
		}
	}
	if got := af.StatutoryBound("programme", calendar.Date{}); !got.IsZero() {
		t.Errorf("an open case has the bound %s", got)
	}
}

func TestSealedDocumentsAreHandedOverWhenTheirStatisticsEnd(t *testing.T) {
	t.Parallel()
	separated := calendar.MustDate("2028-02-29")
	for authority, want := range map[string]string{"arbetsformedlingen": "2038-02-28", "stockholm-labour-market-board": "2028-02-29", "te-services": ""} {
		if got := pack(t, authority).TransferOn(separated); got.String() != want {
			t.Errorf("%s: %s, want %q", authority, got, want)
		}
	}
	if a := pack(t, "arbetsformedlingen").Archive(); a.Requirement != "AFG-55" || a.RuleReference == "" {
		t.Error(a)
	}
}

func TestDeadlinesMoveForTheHolidaysOfTheirCountry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		authority, id, received string
		extended                bool
		last                    string
	}{
		{"arbetsformedlingen", "answer", "2025-04-01", false, "2025-05-02"}, // the first of May
		{"arbetsformedlingen", "answer", "2025-04-01", true, "2025-07-01"},
		{"arbetsformedlingen", "answer", "2025-01-31", true, "2025-04-30"},
		{"arbetsformedlingen", "refusal", "2025-05-22", true, "2025-06-23"},          // it cannot be extended
		{"arbetsformedlingen", "public-document", "2025-06-05", false, "2025-06-09"}, // the National Day, then a weekend
		{"arbetsformedlingen", "appeal", "2025-12-04", false, "2025-12-29"},
		{"te-services", "answer", "2025-11-06", false, "2025-12-08"}, // Independence Day is a Saturday
		{"te-services", "answer", "2024-11-30", false, "2024-12-30"}, // a Monday
		{"stockholm-labour-market-board", "answer", "2024-11-30", false, "2024-12-30"},
		{"te-customer-service", "answer", "2024-11-06", false, "2024-12-09"}, // Independence Day, then a weekend
		{"stockholm-labour-market-board", "answer", "2024-11-06", false, "2024-12-06"},
	} {
		d, ok := pack(t, c.authority).Deadline(c.id)
		if got := d.For(calendar.MustDate(c.received), c.extended).LastDay; !ok || got.String() != c.last {
			t.Errorf("%s %s received %s, extended %v: %s, want %s", c.authority, c.id, c.received, c.extended, got, c.last)
		}
	}
	if _, ok := pack(t, "te-services").Deadline("appeal"); ok {
		t.Error("a Swedish appeal in Finland")
	}
}
