package processor_test

import (
	"slices"
	"testing"
	"time"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/processor"
)

// FuzzActivation: whatever comes, nobody works for the Finnish centre outside the EU and EEA, or without secrecy.
func FuzzActivation(f *testing.F) {
	for _, seed := range []string{
		`{"processor":"Nauha Oy","country":"FI","secrecy":true,"dedicated":true}`, `{"processor":"A","country":"US","secrecy":false,"dedicated":true}`,
		`{"processor":"A","service":"chat","country":"SE","secrecy":true,"dedicated":false,"at":"x"}`, `{}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	pack, _ := policy.Default().Pack("te-customer-service")
	now := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		given, err := processor.Read(raw)
		var a processor.Activation
		if err == nil {
			a, err = given.Judge(pack, now)
		}
		if err != nil {
			if !problem.Refused(err) || problem.From(err).Status >= 500 {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if terms := pack.ProcessorTerms(a.Service); !a.Secrecy || !slices.Contains(terms.Countries, a.Country) || a.Name == "" {
			t.Fatalf("%+v", a)
		}
	})
}
