package policy

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/calendar"
)

// changed is the shipped pack of an authority with passages replaced, each of which must be there.
func changed(t *testing.T, authority string, replace ...string) *Pack {
	t.Helper()
	files := pack(t, authority).Files()
	for i := 0; i+1 < len(replace); i += 2 {
		found := false
		for name, text := range files {
			if strings.Contains(text, replace[i]) {
				files[name], found = strings.Replace(text, replace[i], replace[i+1], 1), true
			}
		}
		if !found {
			t.Fatalf("%s has no %q", authority, replace[i])
		}
	}
	p, err := Parse(authority, files)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const (
	firstEdition = "  - {version: \"2021-01-01\", validFrom: 2018-05-25}\n"
	chatRule     = "      - {validFrom: 2018-05-25, period: 29 days, mode: exact}\n"
)

func shortened(t *testing.T) *Pack {
	t.Helper()
	return changed(t, "arbetsformedlingen",
		firstEdition, firstEdition+"  - {version: shorter, validFrom: 2025-07-01}\n  - {version: longer, validFrom: 2025-09-01}\n",
		chatRule, chatRule+"      - {validFrom: 2025-07-01, period: 14 days, mode: exact}\n      - {validFrom: 2025-09-01, period: 60 days, mode: exact}\n")
}

func TestARecordBearsTheVersionOfItsCollectionAndTheOneThatShortenedIt(t *testing.T) {
	t.Parallel()
	p := shortened(t)
	if p.Version != "longer" {
		t.Errorf("newest is %s", p.Version)
	}
	chat := p.Ending("contact.chat", "")[0]
	for _, c := range []struct{ ended, collectedUnder, packOn, won, gone string }{
		{"2025-05-01", "2021-01-01", "2021-01-01", "2021-01-01", "2025-05-31"},
		{"2025-06-10", "2021-01-01", "2021-01-01", "shorter", "2025-07-01"},
		{"2025-07-01", "shorter", "shorter", "shorter", "2025-07-16"},
		{"2025-08-25", "shorter", "shorter", "shorter", "2025-09-09"},
		{"2025-09-01", "longer", "longer", "longer", "2025-11-01"},
		{"2010-01-01", "2021-01-01", "2021-01-01", "2021-01-01", "2010-01-31"}, // before the first version it is the first
	} {
		day := calendar.MustDate(c.ended)
		gone, won := p.GoneFrom(chat, day, day)
		got := []string{p.CollectedUnder(chat, day).PolicyVersion, p.VersionOn(day), won.PolicyVersion, gone.String()}
		if diff := cmp.Diff([]string{c.collectedUnder, c.packOn, c.won, c.gone}, got); diff != "" {
			t.Errorf("%s: %s", c.ended, diff)
		}
	}
	if until := p.versions(chat)[0].ValidUntil; until != calendar.MustDate("2025-06-30") {
		t.Errorf("the first version is valid until %s", until)
	}
}

func TestAPromiseThatFollowsASilenceActsFromItsOwnDay(t *testing.T) {
	t.Parallel()
	p := changed(t, "te-services",
		firstEdition, firstEdition+"  - {version: five-years, validFrom: 2026-01-01}\n",
		"      - {validFrom: 2018-05-25, period: null}\n", "      - {validFrom: 2018-05-25, period: null}\n      - {validFrom: 2026-01-01, period: 5 years, mode: exact}\n")
	r := p.Ending("person.identity", "")[0]
	for deregistered, gone := range map[string]string{"2019-03-01": "2026-01-01", "2022-03-01": "2027-03-02"} {
		day := calendar.MustDate(deregistered)
		if got, won := p.GoneFrom(r, day, day); got.String() != gone || won.PolicyVersion != "five-years" {
			t.Errorf("deregistered %s: %s by %s, want %s", day, got, won.PolicyVersion, gone)
		}
	}
	if _, silent := p.Silence("person.identity", ""); silent {
		t.Error("the notice is still silent")
	}
}

func TestADiffNamesPeriodsFirstAndThenWhateverElse(t *testing.T) {
	t.Parallel()
	old := pack(t, "arbetsformedlingen")
	if diff := Diff(old, pack(t, "arbetsformedlingen")); len(diff) != 0 {
		t.Errorf("a pack differs from itself: %v", diff)
	}
	is := changed(t, "arbetsformedlingen",
		firstEdition, firstEdition+"  - {version: next, validFrom: 2025-07-01}\n",
		chatRule, chatRule+"      - {validFrom: 2025-07-01, period: 14 days, mode: exact}\n",
		"fields: [name, nationalId, registrationDates, fund]", "fields: [name, nationalId, fund]",
		"anonymous: [ipAddress, text]", "anonymous: [text]",
		"trigger: case-closed, caseTypes: [supplier, finance]}\n      - {category: case.note", "trigger: case-closed, caseTypes: [supplier]}\n      - {category: case.note",
		"trigger: recruitment-closed, caseTypes: [recruitment]}\n      - {category: case.note", "trigger: recruitment-closed, caseTypes: [recruitment, finance]}\n      - {category: case.note",
		"    period: 1 month\n    extension: 3 months ", "    period: 2 weeks\n    extension: 3 months ")
	want := []Change{
		{Rule: "AFC-21", Category: "contact.chat", Was: "29 days exact", Becomes: "14 days exact", ValidFrom: calendar.MustDate("2025-07-01")},
		{Rule: "AFG-23", Category: "case.file", CaseType: "finance", Was: "not stated"},
		{Rule: "AFG-42", Category: "case.file", CaseType: "finance", Becomes: "24 months exact, floor", ValidFrom: calendar.MustDate("2018-05-25")},
		{Path: "channels/chat/store/anonymous", Was: "ipAddress, text", Becomes: "text"},
		{Path: "recipients/SE-KFM/fields", Was: "name, nationalId, registrationDates, fund", Becomes: "name, nationalId, fund"},
		{Path: "deadlines/answer/period", Was: "1 month", Becomes: "14 days"},
		{Path: "policyVersions/next", Becomes: "2025-07-01"},
	}
	if diff := cmp.Diff(want, Diff(old, is)); diff != "" {
		t.Error(diff)
	}
	back := Diff(is, old)
	if len(back) != len(want) || back[0].Becomes != "29 days exact" || back[0].Was != "14 days exact" {
		t.Errorf("the way back: %+v", back)
	}
}

func TestAPackIsNamedByItsTextToTheLetter(t *testing.T) {
	t.Parallel()
	p := pack(t, "te-services")
	again, err := Parse("te-services", p.Files())
	if err != nil || again.Hash() != p.Hash() || len(p.Hash()) != 64 {
		t.Error(again.Hash(), p.Hash(), err)
	}
	if other := changed(t, "te-services", "gives no period at all", "gives no period at  all"); other.Hash() == p.Hash() {
		t.Error("another text has the same hash")
	}
	p.Files()["rules.yaml"] = "changed"
	if p.Files()["rules.yaml"] == "changed" {
		t.Error("a pack's text can be changed from outside")
	}
	moved := map[string]string{"a.yaml": "x", "b.yaml": "yz"}
	if (&Pack{files: moved}).Hash() == (&Pack{files: map[string]string{"a.yaml": "xy", "b.yaml": "z"}}).Hash() {
		t.Error("a letter that moved from one file to the next goes unseen")
	}
}

func TestWhatIsReplacedInACloneIsReplacedNowhereElse(t *testing.T) {
	t.Parallel()
	set := Default().Clone()
	replaced := shortened(t)
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for range 200 {
				if p, ok := set.Pack("arbetsformedlingen"); !ok || p.Authority != "arbetsformedlingen" || len(set.Authorities()) != 4 {
					t.Error("a reader met half a set")
				}
			}
		})
	}
	for range 50 {
		set.Replace(replaced)
	}
	readers.Wait()
	if p, _ := set.Pack("arbetsformedlingen"); p != replaced {
		t.Error("the clone has not the new pack")
	}
	if p, _ := Default().Pack("arbetsformedlingen"); p == replaced {
		t.Error("the built-in set has the new pack")
	}
}

func TestAPackIsAddedToAndNeverRewritten(t *testing.T) {
	t.Parallel()
	const af = "arbetsformedlingen"
	old := shortened(t)
	files := old.Files()
	edited := func(replace ...string) *Pack {
		t.Helper()
		is := map[string]string{}
		for name, text := range files {
			is[name] = strings.NewReplacer(replace...).Replace(text)
		}
		p, err := Parse(af, is)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	const longer, edition = "  - {version: longer, validFrom: 2025-09-01}\n", "  - {version: next, validFrom: 2026-01-01}\n"
	for _, c := range []struct {
		name string
		is   *Pack
		want []string
	}{
		{"itself", edited(), nil},
		{"a version more", edited(longer, longer+edition), nil},
		{"a period more", edited(longer, longer+edition, "period: 60 days, mode: exact}\n", "period: 60 days, mode: exact}\n      - {validFrom: 2026-01-01, period: 30 days, mode: exact}\n"), nil},
		{"a rule for more case types", edited(longer, longer+edition, "trigger: case-closed, caseTypes: [supplier, finance]", "trigger: case-closed, caseTypes: [supplier]",
			"trigger: recruitment-closed, caseTypes: [recruitment]", "trigger: recruitment-closed, caseTypes: [recruitment, finance]"), nil},
		{"no version of its own", edited("period: 15 months, mode: exact}\n    awaitReceipts: []\n  - id: AFC-21", "period: 15 months, mode: exact}\n  - id: AFC-21"),
			[]string{"arbetsformedlingen: what is different needs a version of its own in policyVersions"}},
		{"a rewritten promise", edited(longer, longer+edition, "period: 14 days", "period: 15 days"),
			[]string{"arbetsformedlingen: rule AFC-21 promised 14 days exact for contact.chat from 2025-07-01, and that stands"}},
		{"a version that was in force", pack(t, af), []string{
			"arbetsformedlingen: policy version shorter from 2025-07-01 has been in force and is gone",
			"arbetsformedlingen: policy version longer from 2025-09-01 has been in force and is gone",
			"arbetsformedlingen: what is different needs a version of its own in policyVersions",
			"arbetsformedlingen: rule AFC-21 promised 14 days exact for contact.chat from 2025-07-01, and that stands",
			"arbetsformedlingen: rule AFC-21 promised 60 days exact for contact.chat from 2025-09-01, and that stands"}},
		{"a version before the newest", edited(longer, "  - {version: between, validFrom: 2025-08-01}\n"+longer),
			[]string{"arbetsformedlingen: policy version between begins on 2025-08-01, and longer is in force since 2025-09-01"}},
		{"another zone", edited(longer, longer+edition, "Europe/Stockholm", "Europe/Helsinki"),
			[]string{"arbetsformedlingen: the zone Europe/Stockholm stands: periods have been counted in it"}},
	} {
		if diff := cmp.Diff(c.want, Faults(Follows(old, c.is))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestDiffTellsWhatIsSaidOfReadersAndOfThoseOutside: whatever a pack says besides clocks is compared too, by its path.
func TestDiffTellsWhatIsSaidOfReadersAndOfThoseOutside(t *testing.T) {
	t.Parallel()
	old := pack(t, "arbetsformedlingen")
	for path, edit := range map[string][2]string{
		"access/notSearched/name":                                  {"{term: name, requirement: L-08}", "{term: name, requirement: L-05}"},
		"access/roles/recruiter/purposes":                          {"purposes: [recruitment]}", "purposes: [recruitment, supervision]}"},
		"access/assignment":                                        {"assignment: flagged", "assignment: required"},
		"processors/Refapp/kinds":                                  {"kinds: [reference]", "kinds: [reference, test-result]"},
		"processorTerms/analytics/countries":                       {"countries: [SE]", "countries: [SE, FI]"},
		"feeds/sources/SE-LEV-*/fields":                            {"fields: [attendance]", "fields: [attendance, name]"},
		"campaign/inputs":                                          {"inputs: [municipality, birthDate,", "inputs: [municipality,"},
		"situations/benefit/fields":                                {"fields: [benefitGranted]", "fields: [benefitGranted, fund]"},
		"caseTypes/supplier/persons":                               {"persons: representatives", "persons: customers"},
		"sensitive":                                                {"fields: [health, offences]", "fields: [health]"},
		"finance/store":                                            {"store: [name, orgNumber, performedBy, invoiceNumber, amount, dueOn]", "store: [name, orgNumber]"},
		"recruitment/required":                                     {"required: [nationalId, name]   # AFG-40", "required: [name]"},
		"categories/contact.survey/purposes":                       {"purposes: [evaluation, supervision]", "purposes: [evaluation]"},
		"channels/phone/legalBasis/identified/SFS 2007:1030/until": {"until: 2022-09-30", "until: 2022-08-31"},
		"channels/survey/unlinked":                                 {"unlinked: true", "unlinked: false"},
	} {
		changes := Diff(old, changed(t, "arbetsformedlingen", edit[0], edit[1]))
		if len(changes) != 1 || changes[0].Path != path {
			t.Errorf("%s: %+v", path, changes)
		}
	}
}
