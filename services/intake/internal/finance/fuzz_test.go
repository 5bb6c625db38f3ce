package finance_test

import (
	"testing"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/finance"
)

// FuzzInvoice: whatever comes, no number of a person is kept but a sole trader's own.
func FuzzInvoice(f *testing.F) {
	for _, seed := range []string{
		`{"id":"i","supplier":{"name":"A","orgNumber":"556677-0011"},"performedBy":"B C","at":"2024-01-31T10:00:00Z","fields":{"amount":1200,"text":"x"}}`,
		`{"id":"i","supplier":{"name":"A","orgNumber":"020928-2391"},"at":"2024-01-31T10:00:00Z","fields":{"invoiceNumber":"9201252385"}}`,
		`{"id":"i","supplier":{},"fields":{"amount":[]}}`, `{}`, `[]`, `{"fields":{"nationalId":"x"}}`,
	} {
		f.Add([]byte(seed))
	}
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	now := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, err := finance.Read(raw)
		if err != nil {
			refused(t, err)
			return
		}
		c, err := g.Judge(pack, now, true)
		if err != nil {
			refused(t, err)
			return
		}
		for name, text := range c.Fields {
			if name != "orgNumber" && nationalid.Within("SE", text, calendar.DateOf(c.At, pack.Zone)) {
				t.Fatalf("%s holds somebody", name)
			}
		}
		if c.Person() != "" || c.Category == "" || len(c.Fingerprint) == 0 {
			t.Fatalf("%+v", c)
		}
	})
}

func refused(t *testing.T, err error) {
	if !problem.Refused(err) || problem.From(err).Status >= 500 {
		t.Fatalf("refused with %v", err)
	}
}
