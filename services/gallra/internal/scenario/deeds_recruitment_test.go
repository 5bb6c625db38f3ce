package scenario

import (
	"slices"
	"strings"
	"testing"
)

const recruits = `  - {at: 2024-01-31 14:00, do: case.open, ref: case, with: {persons: [], type: recruitment}}
  - {at: 2024-01-31 14:01, by: "subject:anna", do: recruitment.apply, ref: application, with: {case: case, person: anna, kind: application}}
  - {at: 2024-01-31 14:02, by: "system:Aon Assessment Solutions", do: recruitment.test, ref: test, with: {case: case, person: anna, takenAt: 2024-01-30, result: "61", kind: test-result}}
`

func TestARecruitmentsDeedsCallTheApplicantByNumberAndThePaperByItsID(t *testing.T) {
	t.Parallel()
	a := newAnswering(t, map[string]string{
		"POST /v1/cases":                      `{"id":"c-1","record":"f-1"}`,
		"POST /v1/cases/c-1/persons":          `{"person":"p-1","share":"s-1","id":"a-1"}`,
		"POST /v1/cases/c-1/papers":           `{"id":"t-1"}`,
		"POST /v1/cases/c-1/papers/t-1/reuse": `{"id":"t-2"}`,
		"POST /v1/cases/c-1/transfers":        `{"id":"x-1"}`,
		"GET /v1/notes/a-1":                   `{}`,
		"GET /v1/notes/t-1":                   `{}`,
		"GET /v1/notes/t-2":                   `{}`,
		"POST /v1/persons/search":             `{"persons":[],"count":0}`,
		"DELETE /v1/notes/a-1":                `{}`,
	})
	steps := recruits + `  - {at: 2024-01-31 14:03, do: recruitment.reuse, ref: reused, with: {case: case, person: anna, test: test}}
  - {at: 2024-01-31 14:04, do: recruitment.transfer, with: {case: case, person: anna, processor: Varbi, kind: application}}
  - {at: 2024-01-31 14:05, do: record.search, with: {query: {nationalId: "199001012385"}, purpose: support}}
  - {at: 2024-01-31 14:06, do: record.delete, with: {record: application, purpose: weeding}}
  - {at: 2024-01-31 14:07, check: {readable: [application, test, reused]}}
`
	if err := a.played(t, steps); err != nil {
		t.Fatal(err)
	}
	for route, want := range map[string]string{
		"POST /v1/cases/c-1/persons":          `{"kind":"application","person":{"name":"Anna","nationalId":"199001012385"}}`,
		"POST /v1/cases/c-1/papers":           `{"kind":"test-result","person":{"nationalId":"199001012385"},"result":"61","takenAt":"2024-01-30"}`,
		"POST /v1/cases/c-1/papers/t-1/reuse": `{"person":{"nationalId":"199001012385"}}`,
		"POST /v1/cases/c-1/transfers":        `{"kind":"application","person":{"nationalId":"199001012385"},"processor":"Varbi"}`,
		"POST /v1/persons/search":             `{"nationalId":"199001012385"}`,
	} {
		if got := a.sent[route]; !strings.Contains(strings.ReplaceAll(got, "Anna Kanarie", "Anna"), want) {
			t.Errorf("%s was sent %s, expected %s", route, got, want)
		}
	}
	for _, route := range []string{"GET /v1/notes/a-1", "GET /v1/notes/t-1", "GET /v1/notes/t-2", "DELETE /v1/notes/a-1"} {
		if !slices.Contains(a.asked, route) {
			t.Errorf("%s was not asked: %v", route, a.asked)
		}
	}
}

func TestADeedWithoutItsRecruitmentOrTestIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	for step, want := range map[string]string{
		`{at: 2024-01-31 14:00, do: recruitment.apply, with: {case: elsewhere, person: anna}}`:                                "elsewhere",
		recruits[4:] + `  - {at: 2024-01-31 14:03, do: recruitment.reuse, with: {case: case, person: anna, test: elsewhere}}`: "elsewhere",
	} {
		a := newAnswering(t, map[string]string{"POST /v1/cases": `{"id":"c-1","record":"f-1"}`, "POST /v1/cases/c-1/persons": `{"id":"a-1"}`, "POST /v1/cases/c-1/papers": `{"id":"t-1"}`})
		file, err := Decode("SC-99.yaml", []byte(head+"  - "+step+"\n"))
		if err == nil {
			err = Run(t.Context(), file, a, &Lines{W: t.Output()})
		}
		if err == nil {
			t.Errorf("it passes: %s", want)
		}
	}
}
