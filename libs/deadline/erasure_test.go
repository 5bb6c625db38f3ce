package deadline_test

import (
	"testing"

	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/policy"
)

// TestWhatIsPreservedOrHasAFloorIsNotErased: the day before the floor's end, the day; an open case is no reason to keep.
func TestWhatIsPreservedOrHasAFloorIsNotErased(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ authority, category, caseType, closed, today, kept string }{
		{"arbetsformedlingen", "case.note", "recruitment", "", "2024-03-01", "AFG-42"},
		{"arbetsformedlingen", "case.note", "recruitment", "2022-03-31", "2024-03-31", "AFG-42"},
		{"arbetsformedlingen", "case.note", "recruitment", "2022-03-31", "2024-04-01", ""},
		{"arbetsformedlingen", "case.note", "job-seeking", "", "2024-03-01", ""},
		{"arbetsformedlingen", "case.document", "job-seeking", "", "2024-03-01", "AFG-63"},
		{"arbetsformedlingen", "person.identity", "", "", "2024-03-01", ""},
		{"arbetsformedlingen", "request.bare", "", "", "2024-03-01", "L-22"},
		{"stockholm-labour-market-board", "case.document", "service", "", "2024-03-01", "STH-18"},
		{"stockholm-labour-market-board", "case.draft", "service", "", "2024-03-01", ""},
	} {
		p, _ := policy.Default().Pack(row.authority)
		f := deadline.Facts{Category: row.category, CaseType: row.caseType, CollectedOn: calendar.MustDate("2021-01-01"), InCase: row.caseType != ""}
		if row.closed != "" {
			f.Closed = calendar.MustDate(row.closed)
		}
		if kept := deadline.Kept(p, f, calendar.MustDate(row.today)); kept != row.kept {
			t.Errorf("%+v: kept by %q", row, kept)
		}
	}
}
