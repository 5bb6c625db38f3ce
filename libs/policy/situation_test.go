package policy

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// AFG-14, AFG-15, AFG-17, AFG-18: two persons in two situations have two lists.
func TestWhatIsKeptOfAPersonDependsOnTheSituation(t *testing.T) {
	t.Parallel()
	p := pack(t, "arbetsformedlingen")
	bare := p.RegistrationFields(nil)
	if slices.Contains(bare, "benefitGranted") || slices.Contains(bare, "programme") || !slices.Contains(bare, "education") {
		t.Errorf("of somebody without a case: %v", bare)
	}
	benefit, programme := p.RegistrationFields([]string{"benefit"}), p.RegistrationFields([]string{"job-seeking", "programme"})
	if !slices.Contains(benefit, "benefitGranted") || slices.Contains(benefit, "programme") {
		t.Errorf("with a benefit: %v", benefit)
	}
	if !slices.Contains(programme, "programme") || slices.Contains(programme, "benefitGranted") {
		t.Errorf("in a programme: %v", programme)
	}
	if diff := cmp.Diff(bare, p.RegistrationFields([]string{"control", "chess"})); diff != "" {
		t.Errorf("another case changes nothing: %s", diff)
	}
	if slices.Contains(benefit, "health") {
		t.Error("a registration asks for health")
	}
}

// L-07, L-29, AFC-09
func TestSensitiveFieldsAndThoseOfOthersAreMarked(t *testing.T) {
	t.Parallel()
	p := pack(t, "arbetsformedlingen")
	for field, sensitive := range map[string]bool{"health": true, "offences": true, "education": false, "chess": false} {
		if p.Sensitive(field) != sensitive {
			t.Errorf("%s is sensitive: %v", field, !sensitive)
		}
	}
	requirement, fields := p.ThirdParty()
	if requirement != "L-29" || !slices.Equal(fields, []string{"partner", "children", "closePerson"}) {
		t.Errorf("%s %v", requirement, fields)
	}
	fields[0] = "changed"
	if _, again := p.ThirdParty(); again[0] != "partner" {
		t.Error("what a pack answers can be written to")
	}
}

// AFG-39, AFG-40, AFG-43
func TestRecruitmentHasThreeKindsOfPapers(t *testing.T) {
	t.Parallel()
	r, ok := pack(t, "arbetsformedlingen").Recruitment()
	if !ok || !slices.Equal(r.Kinds, []string{"application", "interview-note", "test-result"}) || !slices.Equal(r.Required, []string{"nationalId", "name"}) {
		t.Errorf("%v %+v", ok, r)
	}
	for _, authority := range []string{"te-services", "te-customer-service", "stockholm-labour-market-board"} {
		if _, ok := pack(t, authority).Recruitment(); ok {
			t.Errorf("the notice of %s speaks of no recruitment", authority)
		}
	}
}

// STH-07, STH-12, STH-16: each service says what it collects, and who gets it.
func TestTwoServicesHaveTwoLists(t *testing.T) {
	t.Parallel()
	p := pack(t, "stockholm-labour-market-board")
	centre, one := p.Service("job-centre")
	school, two := p.Service("adult-education")
	if !one || !two || slices.Equal(centre.Fields, school.Fields) || len(centre.Recipients)+len(school.Recipients) > 0 {
		t.Errorf("%+v %+v", centre, school)
	}
	if _, ok := p.Service("fortune-telling"); ok || len(p.Services()) != 2 {
		t.Error("a service that the board does not have")
	}
}
