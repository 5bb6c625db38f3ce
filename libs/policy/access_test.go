package policy

import (
	"slices"
	"strings"
	"testing"
)

func roleOf(t *testing.T, authority, role string) RoleAccess {
	t.Helper()
	all := pack(t, authority).Access().Roles
	i := slices.IndexFunc(all, func(r RoleAccess) bool { return r.Role == role })
	if i < 0 {
		t.Fatalf("%s says nothing of role %s", authority, role)
	}
	return all[i]
}

// AFG-06, AFC-11: the list is closed, and the call log has its own purpose, which nothing else has.
func TestEveryCategoryIsProcessedForPurposesOfTheClosedList(t *testing.T) {
	t.Parallel()
	for _, authority := range Default().Authorities() {
		p := pack(t, authority)
		var known []string
		for _, purpose := range p.Access().Purposes {
			known = append(known, purpose.Name)
		}
		for _, c := range p.Categories {
			if len(c.Purposes) == 0 {
				t.Errorf("%s: %s has no purpose", authority, c.Name)
			}
			for _, purpose := range c.Purposes {
				if !slices.Contains(known, purpose) {
					t.Errorf("%s: %s is processed for %s", authority, c.Name, purpose)
				}
			}
			if c.Name != "contact.phone-log" && slices.Contains(c.Purposes, "call-question") {
				t.Errorf("%s: %s answers questions about calls", authority, c.Name)
			}
		}
	}
	log, _ := pack(t, "arbetsformedlingen").Category("contact.phone-log")
	if !slices.Equal(log.Purposes, []string{"call-question", "supervision"}) || log.PurposeRequirement != "AFC-11" {
		t.Errorf("the call log is read for %v by %s", log.Purposes, log.PurposeRequirement)
	}
}

// AFC-23, AFC-29, AFG-19, AFG-20, AFG-39, KSC-25, L-05
func TestARoleSeesWhatItsWorkNeeds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		authority, role string
		sees            []string // case types
	}{
		{"arbetsformedlingen", "case-officer", []string{"job-seeking", "programme", "benefit"}},
		{"arbetsformedlingen", "matching-officer", []string{"job-seeking", "programme", "benefit"}},
		{"arbetsformedlingen", "control-officer", []string{"control", "benefit"}},
		{"arbetsformedlingen", "recruiter", []string{"recruitment"}},
		{"arbetsformedlingen", "admin", []string{"supplier", "finance"}},
		{"arbetsformedlingen", "processor", nil},
		{"arbetsformedlingen", "analyst", nil},
		{"te-customer-service", "processor", nil},
		{"te-services", "processor", nil},
		{"stockholm-labour-market-board", "processor", nil},
	} {
		r := roleOf(t, c.authority, c.role)
		if !slices.Equal(r.CaseTypes, c.sees) && len(r.CaseTypes)+len(c.sees) > 0 {
			t.Errorf("%s: %s sees cases of %v", c.authority, c.role, r.CaseTypes)
		}
		if c.sees == nil && len(r.Categories)+len(r.Purposes) > 0 {
			t.Errorf("%s: %s sees %v for %v", c.authority, c.role, r.Categories, r.Purposes)
		}
	}
	for _, authority := range Default().Authorities() {
		if dpo := roleOf(t, authority, "dpo"); len(dpo.Categories) != len(pack(t, authority).Categories) {
			t.Errorf("%s: the officer for data protection sees %d categories", authority, len(dpo.Categories))
		}
	}
}

// KSC-24, TES-04, L-05, STH-21
func TestNobodyReadsWithoutUndertakingAndTraining(t *testing.T) {
	t.Parallel()
	for authority, want := range map[string][3]string{ // undertaking, training, assignment
		"arbetsformedlingen":            {"L-05", "L-05", "flagged"},
		"te-customer-service":           {"KSC-24", "KSC-23", "flagged"},
		"te-services":                   {"TES-04", "TES-04", "flagged"},
		"stockholm-labour-market-board": {"STH-20", "STH-20", "required"},
	} {
		if a := pack(t, authority).Access(); a.UndertakingRequirement != want[0] || a.TrainingRequirement != want[1] || a.Assignment != want[2] {
			t.Errorf("%s: %+v", authority, a)
		}
	}
}

// L-08, L-09
func TestPersonsAreFoundByNumberAndNeverByWhatTheyAreCalledOrHave(t *testing.T) {
	t.Parallel()
	for _, authority := range Default().Authorities() {
		a := pack(t, authority).Access()
		if !slices.Equal(a.Search, []string{"nationalId", "caseNumber"}) {
			t.Errorf("%s searches by %v", authority, a.Search)
		}
		for _, term := range []string{"phoneNumber", "name", "text"} {
			if a.NotSearched[term] == "" {
				t.Errorf("%s: nothing forbids %s", authority, term)
			}
		}
		for _, term := range a.SensitiveTerms {
			if term != strings.ToLower(term) || strings.TrimSpace(term) != term {
				t.Errorf("%s: %q is no beginning of a word", authority, term)
			}
		}
		if !slices.Contains(a.SensitiveTerms, "diagnos") {
			t.Errorf("%s lets a diagnosis be searched for", authority)
		}
	}
	if a := pack(t, "arbetsformedlingen").Access(); a.NotSearched["phoneNumber"] != "L-09" || a.NotSearched["text"] != "L-08" {
		t.Errorf("%v", a.NotSearched)
	}
}
