package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// AFG-44, AFG-45, AFC-23, AFC-29
func TestOnlyTheNamedProcessorsGetTheirOwnKindAndPassNothingOn(t *testing.T) {
	t.Parallel()
	p := pack(t, "arbetsformedlingen")
	kinds := map[string][]string{}
	for _, x := range p.Processors() {
		kinds[x.Name] = x.Kinds
		if x.Onward || !x.Secrecy {
			t.Errorf("%s passes on %v, is bound to secrecy %v", x.Name, x.Onward, x.Secrecy)
		}
	}
	want := map[string][]string{"Varbi": {"application"}, "Aon Assessment Solutions": {"test-result"}, "Refapp": {"reference"},
		"Realcruit": {"experience"}, "Telia": {}}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	if _, ok := p.Processor("Femte Firman AB"); ok || p.ProcessorTerms("recruitment").Requirement != "AFG-44" {
		t.Error("the list is open")
	}
}

// AFG-37, AFG-38, KSC-22, KSC-26
func TestAProcessorIsTakenIntoUseOnTheTermsOfItsService(t *testing.T) {
	t.Parallel()
	af := pack(t, "arbetsformedlingen").ProcessorTerms("analytics")
	if !slices.Equal(af.Countries, []string{"SE"}) || af.CountryRequirement != "AFG-38" || !af.Dedicated || af.DedicatedRequirement != "AFG-38" {
		t.Errorf("analytics: %+v", af)
	}
	te := pack(t, "te-customer-service").ProcessorTerms("recording")
	if !te.Secrecy || te.SecrecyRequirement != "KSC-26" || te.CountryRequirement != "KSC-22" {
		t.Errorf("recording: %+v", te)
	}
	for country, inside := range map[string]bool{"FI": true, "NO": true, "IS": true, "LI": true, "IE": true, "US": false, "GB": false, "CH": false} {
		if slices.Contains(te.Countries, country) != inside {
			t.Errorf("%s is inside: %v", country, !inside)
		}
	}
	if len(te.Countries) != 30 {
		t.Errorf("%d countries are in the EU and EEA", len(te.Countries))
	}
}

// AFG-46, KSC-19
func TestOnlyListedSourcesHandInTheirFields(t *testing.T) {
	t.Parallel()
	p := pack(t, "arbetsformedlingen")
	for source, want := range map[string][]string{
		"SE-SKV":       {"name", "address", "postcode", "municipality"},
		"SE-LEV-AKTOR": {"attendance"},
		"SE-LEV-":      nil,
		"SE-SKV-2":     nil,
		"SE-POLIS":     nil,
		"":             nil,
	} {
		f, ok := p.Feed(source)
		if ok != (want != nil) || !slices.Equal(f.Fields, want) || ok && f.Category != "contact.feed" {
			t.Errorf("%q: %v %+v", source, ok, f)
		}
	}
	if p.FeedRequirement() != "AFG-46" || pack(t, "te-customer-service").FeedRequirement() != "KSC-19" || len(pack(t, "te-customer-service").Feeds()) > 0 {
		t.Error("a source that is not listed is refused by nothing")
	}
	for source, may := range map[string]bool{"subject": true, "adviser": true, "FI-KELA": false} {
		if pack(t, "te-customer-service").Channels["chat"].MayComeFrom(source) != may {
			t.Errorf("a chat from %s", source)
		}
	}
	if af := p.Channels["phone"]; !af.MayComeFrom("subject") || af.MayComeFrom("adviser") || !p.Channels["feed"].MayComeFrom("SE-LEV-X") {
		t.Error("a call comes from the caller")
	}
}

// AFG-28, AFG-29, AFG-30, L-20
func TestAMailingIsChosenByListedInputsThatAreNotSensitive(t *testing.T) {
	t.Parallel()
	p := pack(t, "arbetsformedlingen")
	c, ok := p.Campaign()
	if !ok || !slices.Equal(c.Inputs, []string{"municipality", "birthDate", "contactTime", "contactEvent", "contactContent"}) || c.ObjectionRequirement != "L-20" {
		t.Errorf("%v %+v", ok, c)
	}
	if !slices.Equal(c.EmployerInputs, []string{"email", "county", "industry", "staffNumber", "orgNumber"}) {
		t.Errorf("employers are chosen by %v", c.EmployerInputs)
	}
	for _, input := range append(c.Inputs, c.EmployerInputs...) {
		if p.Sensitive(input) {
			t.Errorf("%s is sensitive", input)
		}
	}
	if _, ok := pack(t, "te-services").Campaign(); ok {
		t.Error("te-services sends newsletters")
	}
}

// AFG-22, AFG-23, AFG-24
func TestFinanceHasNoFieldForAParticipantsNumber(t *testing.T) {
	t.Parallel()
	f, ok := pack(t, "arbetsformedlingen").Finance()
	if !ok || slices.Contains(f.Store, "nationalId") || !slices.Contains(f.Store, "name") || f.ParticipantRequirement != "AFG-24" {
		t.Errorf("%v %+v", ok, f)
	}
	if r, ok := pack(t, "arbetsformedlingen").RuleFor(f.Category); ok {
		t.Errorf("the notice gives no period for %s, and %s does", f.Category, r.ID)
	}
}

// TES-15
func TestPlainMailSpeaksOfNobodysOwnMatterInFinland(t *testing.T) {
	t.Parallel()
	for authority, want := range map[string]bool{"te-services": true, "te-customer-service": true, "arbetsformedlingen": false} {
		if requirement, restricted := pack(t, authority).PlainMail(); restricted != want || restricted && requirement != "TES-15" {
			t.Errorf("%s: %v by %s", authority, restricted, requirement)
		}
	}
}

// AFG-38, AFG-45, KSC-22, KSC-26: a system with such a processor in its configuration does not start.
func TestAPackWithAProcessorThatBreaksItsTermsIsNotRead(t *testing.T) {
	t.Parallel()
	const telia = "  - {name: Telia, requirement: AFC-23"
	for line, want := range map[string]string{
		"{name: Clicks, requirement: AFG-38, service: analytics, country: US, dedicated: true}": "processor Clicks is in US, where AFG-38 does not let data go",
		"{name: Clicks, requirement: AFG-38, service: analytics, country: SE}":                  "processor Clicks is not dedicated to the authority, as AFG-38 demands",
		"{name: Clicks, requirement: AFG-44, service: recruitment, country: SE, onward: true}":  "processor Clicks would pass data on, and no processor may",
	} {
		files := pack(t, "arbetsformedlingen").Files()
		files["outside.yaml"] = strings.Replace(files["outside.yaml"], telia, "  - "+line+"\n"+telia, 1)
		if _, err := Parse("arbetsformedlingen", files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
	for line, want := range map[string]string{
		"{name: Nauha Oy, requirement: KSC-26, service: recording, country: FI}":                "processor Nauha Oy is not bound to secrecy, as KSC-26 demands",
		"{name: Nauha Oy, requirement: KSC-26, service: recording, country: CH, secrecy: true}": "processor Nauha Oy is in CH, where KSC-22 does not let data go",
	} {
		files := pack(t, "te-customer-service").Files()
		files["outside.yaml"] += "processors:\n  - " + line + "\n"
		if _, err := Parse("te-customer-service", files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
}
