package feed_test

import (
	"testing"

	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/feed"
)

const authority = "arbetsformedlingen"

const delivery = `{"id":"d-1","source":"SE-SKV","person":{"nationalId":"199001012385"},"fields":{"address":"Gatan 1"},"at":"2024-01-31T10:00:00+01:00"}`

// AFG-46
func TestADeliveryIsALineOfItsSourceAndPerson(t *testing.T) {
	t.Parallel()
	g, err := feed.Read([]byte(delivery), authority)
	if err != nil || g.Channel != contact.Feed || !g.Identified || g.Source != "SE-SKV" || g.Fields["nationalId"] != "199001012385" || g.Authority != authority {
		t.Fatalf("%+v %v", g, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{delivery, `{}`, `{"source":"x","fields":{"nationalId":"1"}}`, `{"source":"x","fields":{"a":7}}`, `{"person":{"name":"x"}}`, `[]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, err := feed.Read(raw, authority)
		if err != nil && !problem.Refused(err) {
			t.Fatalf("a fault: %v", err)
		}
		if err == nil && (g.Source == "" || g.Authority != authority || g.Channel != contact.Feed || len(g.Canonical) == 0) {
			t.Fatalf("%+v", g)
		}
	})
}
