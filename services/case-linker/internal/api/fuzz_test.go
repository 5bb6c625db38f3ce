package api

import (
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/casework"
)

var day = calendar.MustDate("2024-06-15")

// FuzzBodies: whatever comes as a body is refused with a problem, or is something that can be carried out.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		`{"person":{"nationalId":"199001012385","name":"Anna"},"kind":"application","text":"x"}`,
		`{"person":{"nationalId":"199001012385"},"kind":"test-result","takenAt":"2024-03-31","result":"61"}`,
		`{"share":"d072ba0f-e1a9-58bf-9974-e1802adc8134","kind":"interview-note","text":"calm","processor":"Refapp"}`,
		`{"person":{"nationalId":"199001012385"},"processor":"Varbi","kind":"application"}`,
		`{"text":"x","fields":{"skills":["a"],"health":{"b":null}},"necessity":{"reason":"x"},"relation":"partner","relevance":"y","receivedOn":"2024-01-01"}`,
		`{"at":"2024-06-15T09:00:00Z","segments":{"a":"b"},"about":["c"],"final":true,"draft":true}`,
		`{"counts":{"jobsApplied":3},"items":["x"],"about":"199001012385"}`, `{"necessity":null,"fields":null}`, `{}`, `[]`, `null`, "\xff",
	} {
		f.Add([]byte(seed))
	}
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	now := time.Date(2024, 6, 15, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		refused := func(err error) bool {
			if err != nil && !problem.Refused(err) {
				t.Fatalf("a fault: %v", err)
			}
			return err != nil
		}
		var paper newPaper
		if !refused(strict.Decode(raw, &paper)) {
			if p, err := paper.paper(day); !refused(err) && (p.Text == "" || p.Kind == casework.KindTest != !p.TakenOn.IsZero() || p.TakenOn.After(day)) {
				t.Errorf("a paper of kind %q, taken %s", p.Kind, p.TakenOn)
			}
		}
		var transfer newTransfer
		if !refused(strict.Decode(raw, &transfer)) {
			_, err := transfer.called()
			refused(err)
		}
		var joins application
		if !refused(strict.Decode(raw, &joins)) {
			if a, err := joins.applicant(pack, bearer.Claims{}); !refused(err) && (a.NationalID == "" || a.Name == "") {
				t.Error("an applicant without a name or number")
			}
		}
		var note newNote
		if !refused(strict.Decode(raw, &note)) {
			if n, err := note.taken(now); !refused(err) && (n.At.After(now.Add(5*time.Minute)) || n.Relevance == "") {
				t.Errorf("a note of %s", n.At)
			}
		}
		var report newReport
		if !refused(strict.Decode(raw, &report)) {
			if n := new(casework.Taken); !refused(report.into(n)) && len(n.Counts)+len(n.Items) == 0 {
				t.Error("a report of nothing")
			}
		}
	})
}
