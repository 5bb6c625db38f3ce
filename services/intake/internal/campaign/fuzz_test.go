package campaign_test

import (
	"slices"
	"testing"
	"time"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/campaign"
)

var now = time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)

// FuzzMailing: whatever comes, a mailing that may go out was chosen by what the notice lists, and each of its receivers
// can be found among those who objected.
func FuzzMailing(f *testing.F) {
	for _, seed := range []string{
		`{"id":"june","inputs":["municipality"],"recipients":[{"nationalId":"900101-2385"},{"email":"A@b.se"}]}`,
		`{"id":"june","audience":"employers","inputs":["county"],"recipients":[{"email":"a@b.se"}],"at":"2024-01-31T10:00:00Z"}`,
		`{"id":"june","inputs":["health"],"recipients":[{}]}`, `{"recipients":{}}`, `{}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	rules, _ := pack.Campaign()
	f.Fuzz(func(t *testing.T, raw []byte) {
		given, err := campaign.Read(raw)
		if err == nil {
			var m campaign.Mailing
			if m, err = given.Judge(pack, now, true); err == nil {
				allowed := map[string][]string{campaign.Persons: rules.Inputs, campaign.Employers: rules.EmployerInputs}[m.Audience]
				for _, input := range m.Inputs {
					if !slices.Contains(allowed, input) {
						t.Fatalf("chosen by %q", input)
					}
				}
				for _, person := range m.Recipients {
					if len(person.Marks()) == 0 {
						t.Fatalf("%d receivers, one without a mark", len(m.Recipients))
					}
				}
			}
		}
		wellRefused(t, err)
		objection, err := campaign.ReadObjection(raw)
		if err == nil {
			_, err = objection.Judge(pack, now, true)
		}
		wellRefused(t, err)
	})
}

func wellRefused(t *testing.T, err error) {
	if err != nil && (!problem.Refused(err) || problem.From(err).Status >= 500) {
		t.Fatalf("refused with %v", err)
	}
}

func TestOneIsFoundHoweverOneWroteOneself(t *testing.T) {
	t.Parallel()
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	mark := func(p campaign.Person) string {
		m, err := campaign.Objection{Person: p}.Judge(pack, now, true)
		if err != nil {
			t.Error(err)
		}
		return string(m)
	}
	if mark(campaign.Person{NationalID: "900101-2385"}) != mark(campaign.Person{NationalID: "1990 01 01 2385"}) ||
		mark(campaign.Person{Email: "A.B@Example.se"}) != mark(campaign.Person{Email: "a.b@example.SE"}) {
		t.Error("two spellings are two people")
	}
}
