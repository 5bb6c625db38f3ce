package policy

import "testing"

// TestEachAuthoritySaysForWhatReasonsItErases: a request for erasure is decided by a code of the pack, and a finished document,
// a bare request or what a statutory duty needs is not erased (AFG-62, AFG-63, STH-25, KSC-30, KSC-33, L-22).
func TestEachAuthoritySaysForWhatReasonsItErases(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ authority, code, rule, category, kept, refused string }{
		{"arbetsformedlingen", "unlawful", "AFG-62", "case.document", "AFG-63", ""},
		{"arbetsformedlingen", "legal-duty", "AFG-62", "case.note", "", ""},
		{"arbetsformedlingen", "objection", "L-20", "case.note", "", "AFG-67"},
		{"arbetsformedlingen", "objection", "L-20", "contact.mail-event", "", ""},
		{"stockholm-labour-market-board", "no-longer-needed", "STH-25", "case.file", "", ""},
		{"stockholm-labour-market-board", "consent-withdrawn", "STH-11", "contact.feedback", "", ""},
		{"stockholm-labour-market-board", "consent-withdrawn", "STH-11", "case.note", "", "STH-25"},
		{"te-services", "unlawful", "L-22", "case.document", "L-22", ""},
		{"te-customer-service", "inaccurate", "KSC-30", "contact.complaint", "KSC-33", ""},
	} {
		e := pack(t, row.authority).Erasure()
		g, known := e.Ground(row.code)
		if !known || g.Requirement != row.rule || e.Keeps(row.category) != row.kept || g.Refuses(row.category) != row.refused {
			t.Errorf("%+v: %v %v, keeps it by %q, refuses it by %q", row, g, known, e.Keeps(row.category), g.Refuses(row.category))
		}
		if by, known := e.By(row.rule); !known || by.Requirement != row.rule || by.Title.Sv == "" {
			t.Errorf("%s: rule %s is of %+v", row.authority, row.rule, by)
		}
	}
	for _, authority := range Default().Authorities() {
		if _, known := pack(t, authority).Erasure().Ground("because"); known {
			t.Errorf("%s erases for a reason that no law gives", authority)
		}
	}
}
