package line_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/line"
)

var noon = time.Date(2024, 6, 15, 10, 0, 0, 0, time.UTC)

// FuzzJudge: whatever comes, a line is refused with a problem that says nothing of it, or is one that can be carried out.
func FuzzJudge(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","kind":"person.registered","at":"2024-06-15T09:00:00Z","authority":"arbetsformedlingen","person":{"nationalId":"900101-2385","name":"Anna"}}`,
		`{"id":"2","kind":"person.deregistered","at":"2024-06-15T09:00:00Z","authority":"arbetsformedlingen","nationalId":"19900101 2385","effective":"2024-06-15","reason":"got-work"}`,
		`{"id":"3","kind":"person.corrected","at":"2024-06-15T09:00:00Z","authority":"te-services","nationalId":"010594Y9032","event":"deregistered","effective":"2024-06-15","reason":"x"}`,
		`{"id":"4","kind":"case.opened","at":"2024-06-15T09:00:00Z","authority":"arbetsformedlingen","case":"R-1","type":"recruitment","persons":[]}`,
		`{"id":"5","kind":"case.opened","at":"2024-06-15T09:00:00Z","authority":"stockholm-labour-market-board","case":"S-1","type":"service","persons":["199001012385"]}`,
		`{"id":"6","kind":"case.closed","at":"2024-06-15T09:00:00Z","authority":"arbetsformedlingen","case":"R-1","effective":"2026-06-15","reason":"appointed"}`,
		`{"id":"7","kind":"case.reopened","case":"R-1","at":"2024-06-15T09:00:00+02:00","authority":"arbetsformedlingen","effective":null,"reason":""}`,
		`{"id":"8","id":"9"}`, `[]`, `{"kind":7}`, "\xff", `{"a":{"b":[[[[]]]]}}`,
	} {
		f.Add([]byte(seed))
	}
	rules := line.Rules{Packs: policy.Default(), Simulated: true}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := rules.Judge(raw, noon)
		if err != nil {
			if !problem.Refused(err) {
				t.Fatalf("a fault: %v", err)
			}
			return
		}
		again, err := rules.Judge(l.Canonical, noon)
		if err != nil || again.SourceID != l.SourceID || again.Person != l.Person || !slices.Equal(again.Persons, l.Persons) {
			t.Fatalf("its own one form is another line: %v", err)
		}
		if l.Pack == nil || l.SourceID == "" || l.At.After(noon.Add(line.Skew)) || l.EffectiveOn.IsZero() {
			t.Errorf("a line that cannot be carried out: kind %s", l.Kind)
		}
		if l.Kind == line.CaseOpened && len(l.Persons) == 0 && !line.BeginsAlone(l.Pack, l.CaseType) {
			t.Error("a case of nobody")
		}
		for name := range l.Fields {
			if strings.ContainsAny(l.Fields[name], "\x00\x1b") {
				t.Error("a control character came through")
			}
		}
	})
}

// FuzzSearch: no query finds anybody by what the pack forbids.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{`{"nationalId":"199001012385"}`, `{"caseNumber":"AF-1"}`, `{"phoneNumber":"070"}`, `{"text":"diagnos"}`,
		`{"caseNumber":"ＤＩＡＧＮＯＳ"}`, `{"nationalId":null}`, `{}`, `{"nationalId":"1","caseNumber":"2"}`} {
		f.Add([]byte(seed))
	}
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	f.Fuzz(func(t *testing.T, raw []byte) {
		query, ok := strict.Object(raw)
		if !ok {
			return
		}
		term, text, err := line.Search(pack.Access(), query)
		switch {
		case err != nil && !problem.Refused(err):
			t.Fatalf("a fault: %v", err)
		case err == nil && (term != line.TermNationalID && term != line.TermCaseNumber || text == "" || len(query) != 1):
			t.Errorf("%d terms pass", len(query))
		case err == nil && strings.Contains(strings.ToLower(text), "diagnos"):
			t.Error("a diagnosis passes")
		}
	})
}

// FuzzCheckValue: what passes is JSON of little depth without control characters.
func FuzzCheckValue(f *testing.F) {
	for _, seed := range []string{`"x"`, `7`, `true`, `null`, `[{"employer":"Bygg AB"}]`, `[[[[1]]]]`, `"\u0007"`, `"\ud800"`, `{"a":{"b":{"c":{}}}}`, `[`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		err := line.CheckValue("skills", raw)
		if err != nil && !problem.Refused(err) {
			t.Fatalf("a fault: %v", err)
		}
		if err == nil && (strings.Contains(string(raw), "[[[[") || len(raw) > strict.MaxText) {
			t.Errorf("it passes: %q", raw)
		}
	})
}

func TestTheNumberOfAPersonMayHaveSpaces(t *testing.T) {
	t.Parallel()
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	for text, want := range map[string]string{"199001012385": "199001012385", "19900101 2385": "199001012385", "90 01 01-2385": "199001012385", "19900101\u00a02385": "", "199001012385\n": "", "1٩9001012385": ""} {
		id, err := line.Written(pack, text, noon)
		if id.Canonical() != want || (err == nil) != (want != "") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
