package situation_test

import (
	"testing"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/situation"
)

// AFC-09, AFG-15, AFG-17, AFG-18, L-07, L-29, STH-02, TES-01
func TestAFieldIsKeptWhereTheSituationCallsForItAndCitedWhereNot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		authority string
		q         situation.Question
		want      string
	}{
		"a skill":                     {"arbetsformedlingen", situation.Question{Fields: []string{"skills"}}, ""},
		"a programme in a programme":  {"arbetsformedlingen", situation.Question{Fields: []string{"programme"}, OpenTypes: []string{"job-seeking", "programme"}}, ""},
		"a programme in none":         {"arbetsformedlingen", situation.Question{Fields: []string{"skills", "programme"}, OpenTypes: []string{"job-seeking", "benefit"}}, "denied (AFG-17)"},
		"a benefit in a programme":    {"arbetsformedlingen", situation.Question{Fields: []string{"benefitGranted"}, OpenTypes: []string{"programme"}}, "denied (AFG-17)"},
		"an activity in no case":      {"arbetsformedlingen", situation.Question{Fields: []string{"lastActivityReport"}}, "denied (AFG-16)"},
		"health, needed":              {"arbetsformedlingen", situation.Question{Fields: []string{"health"}, Category: "case.note", Necessity: "x"}, ""},
		"health, not needed":          {"arbetsformedlingen", situation.Question{Fields: []string{"health"}, Category: "case.note"}, "denied (L-07)"},
		"health, outside a case":      {"arbetsformedlingen", situation.Question{Fields: []string{"health"}, Category: "contact.chat", Necessity: "x"}, "denied (L-07)"},
		"health in Finland":           {"te-services", situation.Question{Fields: []string{"health"}, Category: "case.note"}, "denied (L-07)"},
		"a child, needed":             {"arbetsformedlingen", situation.Question{Fields: []string{"children"}, Necessity: "x", Relation: "child"}, ""},
		"a child of nobody":           {"arbetsformedlingen", situation.Question{Fields: []string{"children"}, Necessity: "x"}, "denied (L-29)"},
		"a mother tongue in Finland":  {"te-services", situation.Question{Fields: []string{"motherTongue"}}, ""},
		"an address of a machine":     {"te-services", situation.Question{Fields: []string{"ipAddress"}, Category: "case.note"}, "denied (TES-01)"},
		"a mother tongue in the city": {"stockholm-labour-market-board", situation.Question{Fields: []string{"motherTongue"}}, "unknown-field (motherTongue)"},
		"what is not known anywhere":  {"stockholm-labour-market-board", situation.Question{Fields: []string{"shoeSize"}}, "unknown-field (shoeSize)"},
		"what could be a person":      {"te-services", situation.Question{Fields: []string{"Anna Kanarie"}}, "unknown-field"},
	} {
		pack, ok := policy.Default().Pack(c.authority)
		if !ok {
			t.Fatal(c.authority)
		}
		found := ""
		if err := situation.Judge(pack, c.q); err != nil {
			found = problem.From(err).Error()
		}
		if found != c.want {
			t.Errorf("%s: %q, expected %q", name, found, c.want)
		}
	}
}
