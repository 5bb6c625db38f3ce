package summary_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/services/console/internal/summary"
)

func TestTheServicesWordsBecomeOneDocument(t *testing.T) {
	t.Parallel()
	s, err := summary.Merge(map[string][]byte{
		"intake":                   []byte(`{"dropped":{"email":2},"stored":{"contact.chat":3},"living":{"contact.chat":1},"counters":{"calls/2024-01":4}}`),
		"case-linker":              []byte(`{"stored":{"case.file":5},"living":{"case.file":5},"unlinkedNotes":{"closed-case":1},"counters":{"persons":6}}`),
		"ledger":                   []byte(`{"disposed":{"AFC-21":2}}`),
		"statistics-pseudonymiser": []byte(`{"separated":7,"present":6,"disposed":1}`),
		"disclosure":               []byte(`{"disclosures":{"released/delivered":1},"breakers":{}}`),
	})
	want := summary.Summary{
		Dropped: summary.Counts{"email": 2}, Stored: summary.Counts{"contact.chat": 3, "case.file": 5},
		Living: summary.Counts{"contact.chat": 1, "case.file": 5}, Disposed: summary.Counts{"AFC-21": 2},
		UnlinkedNotes: summary.Counts{"closed-case": 1}, Counters: summary.Counts{"calls/2024-01": 4, "persons": 6},
		Statistics: summary.Counts{"separated": 7, "present": 6, "disposed": 1}, Disclosures: summary.Counts{"released/delivered": 1},
	}
	if diff := cmp.Diff(want, s); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestAnUnreadableWordIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := summary.Merge(map[string][]byte{"ledger": []byte(`{"disposed":7}`)}); err == nil {
		t.Error("accepted")
	}
}
