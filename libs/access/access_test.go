package access

import (
	"errors"
	"slices"
	"testing"

	"github.com/cedar-policy/cedar-go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

const (
	af        = "arbetsformedlingen"
	stockholm = "stockholm-labour-market-board"
	centre    = "te-customer-service"
)

func staff(authority string, roles ...string) bearer.Claims {
	return bearer.Claims{Authority: authority, Name: "test", Roles: roles, Undertaking: true, Trained: true}
}

func note(caseType string) Question {
	return Question{Action: Read, Category: "case.note", CaseType: caseType, Assigned: true, Purpose: "case-handling"}
}

// AFG-06, AFG-19, AFG-20, AFC-11, AFC-23, AFC-29, KSC-06, KSC-07, KSC-24, KSC-25, TES-04, STH-20, STH-21, L-05
func TestWhoMayReadWhat(t *testing.T) {
	log := Question{Action: Read, Category: "contact.phone-log", Assigned: true, Purpose: "call-question"}
	recording := Question{Action: Play, Category: "contact.recording", Assigned: true, Purpose: "complaint"}
	for name, c := range map[string]struct {
		who  bearer.Claims
		q    Question
		rule string // empty: allowed
	}{
		"an officer reads a note of a case":               {staff(af, "case-officer"), note("job-seeking"), ""},
		"a matching officer too":                          {staff(af, "matching-officer"), note("job-seeking"), ""},
		"but no control note":                             {staff(af, "matching-officer"), note("control"), "L-05"},
		"which a control officer reads":                   {staff(af, "control-officer"), with(note("control"), "control"), ""},
		"a recruiter reads no job-seeker's case":          {staff(af, "recruiter"), note("job-seeking"), "L-05"},
		"but a recruitment":                               {staff(af, "recruiter"), with(note("recruitment"), "recruitment"), ""},
		"an officer reads no recruitment":                 {staff(af, "case-officer"), with(note("recruitment"), "recruitment"), "L-05"},
		"no case officer looks into supplier checks":      {staff(af, "case-officer"), note("supplier"), "L-05"},
		"a processor reads nothing":                       {staff(af, "processor"), log, "L-05"},
		"an analyst reads nothing":                        {staff(af, "analyst"), note("job-seeking"), "L-05"},
		"nobody without a role reads anything":            {staff(af), note("job-seeking"), "L-05"},
		"the call log is for questions about calls":       {staff(af, "case-officer"), log, ""},
		"and for nothing else":                            {staff(af, "case-officer"), with(log, "case-handling"), "AFC-11"},
		"no read without a purpose":                       {staff(af, "case-officer"), with(note("job-seeking"), ""), "AFG-06"},
		"nor for one that nobody declared":                {staff(af, "case-officer"), with(note("job-seeking"), "curiosity"), "AFG-06"},
		"no read without an undertaking":                  {bearer.Claims{Authority: "te-services", Roles: []string{"case-officer"}, Trained: true}, note("job-seeking"), "TES-04"},
		"nor at the centre":                               {bearer.Claims{Authority: centre, Roles: []string{"case-officer"}, Trained: true}, recording, "KSC-24"},
		"nor without training":                            {bearer.Claims{Authority: af, Roles: []string{"case-officer"}, Undertaking: true}, note("job-seeking"), "L-05"},
		"a recording is played for a complaint":           {staff(centre, "case-officer"), recording, ""},
		"and for quality":                                 {staff(centre, "case-officer"), with(recording, "quality"), ""},
		"and for nothing else, case handling not either":  {staff(centre, "case-officer"), with(recording, "case-handling"), "KSC-06"},
		"an officer concerned reads a case in Stockholm":  {staff(stockholm, "case-officer"), note("service"), ""},
		"and no other officer":                            {staff(stockholm, "case-officer"), unassigned(note("service")), "STH-21"},
		"who supervises is assigned to nothing":           {staff(stockholm, "dpo"), with(unassigned(note("service")), "supervision"), ""},
		"elsewhere the review notices who is unassigned":  {staff(af, "case-officer"), unassigned(note("job-seeking")), ""},
		"a world that no pack describes lets nobody read": {staff("elsewhere", "dpo"), note("job-seeking"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := Decider{policy.Default()}.Decide(c.who, c.q)
			if c.rule == "" && c.who.Authority != "elsewhere" {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			if p := problem.From(err); p.Reason != "forbidden" || p.Rule != c.rule {
				t.Fatalf("answered %q by %q, expected forbidden by %q", p.Reason, p.Rule, c.rule)
			}
		})
	}
}

// AFG-08, AFG-10
func TestAProtectedPersonDoesNotExistForWhoeverIsNotAppointed(t *testing.T) {
	q := note("job-seeking")
	q.Protected = true
	appointed := staff(af, "case-officer", "protected-officer")
	appointed.Appointed = true
	if err := (Decider{policy.Default()}).Decide(appointed, q); err != nil {
		t.Fatalf("the appointed officer is refused: %v", err)
	}
	unnamed := staff(af, "case-officer", "protected-officer") // the role without the appointment
	roleless := staff(af, "case-officer")
	roleless.Appointed = true
	for _, c := range []bearer.Claims{unnamed, roleless, staff(af, "dpo"), staff(af, "admin"), staff(af, "processor"), {Authority: af}} {
		for _, purpose := range []string{"case-handling", "", "curiosity"} {
			err := Decider{policy.Default()}.Decide(c, with(q, purpose))
			var p problem.Problem
			if !errors.As(err, &p) || p != problem.New("not-found") {
				t.Errorf("roles %v for %q hear %v, not that there is nobody", c.Roles, purpose, err)
			}
		}
	}
}

// A forbid whose attribute is missing is skipped by the evaluator, which would allow: any error denies.
func TestAPolicyThatCannotBeEvaluatedDenies(t *testing.T) {
	broken := parsed(append(slices.Clone(text), []byte("\n@id(\"broken\") forbid (principal, action, resource) when { resource.nosuch };\n")...))
	pack, _ := policy.Default().Pack(af)
	who, q := staff(af, "case-officer"), note("job-seeking")
	decision, found := cedar.Authorize(broken, entities(who, q, pack.Access()), request(who, q, pack, pack.Access()))
	if decision != cedar.Allow || len(found.Errors) != 1 {
		t.Fatalf("the evaluator says %v with %d errors: this test shows nothing", decision, len(found.Errors))
	}
	if p := problem.From(decide(broken, who, q, pack)); p.Reason != "forbidden" {
		t.Fatalf("a broken policy answers %q", p.Reason)
	}
}

func with(q Question, purpose string) Question {
	q.Purpose = purpose
	return q
}

func unassigned(q Question) Question {
	q.Assigned = false
	return q
}

func BenchmarkDecide(b *testing.B) {
	who, q := staff(af, "case-officer"), note("job-seeking")
	d := Decider{policy.Default()}
	for b.Loop() {
		if err := d.Decide(who, q); err != nil {
			b.Fatal(err)
		}
	}
}
