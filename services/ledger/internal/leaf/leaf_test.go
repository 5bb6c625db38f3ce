package leaf_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/services/ledger/internal/leaf"
	"gallra.se/services/ledger/receipt"
)

var due = time.Date(2025, 4, 30, 22, 0, 0, 0, time.UTC)

func TestEveryRecordOfEveryUnitGetsALeafOfItsOwn(t *testing.T) {
	t.Parallel()
	record := func() events.DisposedRecord {
		return events.DisposedRecord{Record: uuid.New(), Category: "case.note", Commitment: make([]byte, 32)}
	}
	unit := func(n int) events.DisposedUnit {
		u := events.DisposedUnit{Unit: uuid.New(), Rule: "AFC-13", Trigger: events.TriggerDeregistered,
			DueOn: "2025-05-01", DueAt: due, PolicyVersion: "2024-1"}
		for range n {
			u.Records = append(u.Records, record())
		}
		return u
	}
	e := events.RecordDisposed{Holder: "case-linker", Units: []events.DisposedUnit{unit(1), unit(3), unit(0)},
		RemovedAt: due.Add(1234567), UnrecoverableAt: due.Add(time.Second)}
	leaves := leaf.OfDisposal("arbetsformedlingen", e)
	if len(leaves) != 4 {
		t.Fatal(len(leaves))
	}
	for i, want := range append(e.Units[0].Records, e.Units[1].Records...) {
		text, err := leaves[i].Text()
		if err != nil || !strings.Contains(text, "record: "+want.Record.String()+"\n") ||
			!strings.Contains(text, "removed-at: 2025-04-30T22:00:00.001234Z\n") {
			t.Errorf("%v\n%s", err, text)
		}
	}
}

func TestTheLeafOfADisclosureHoldsNoPerson(t *testing.T) {
	t.Parallel()
	person := uuid.New()
	l := leaf.OfDelivery("arbetsformedlingen", "", due, events.DisclosureDelivered{
		Disclosure: uuid.New(), Recipient: "SE-KFM", Person: &person, Fields: []string{"name", "fund"},
		Decision: events.DecisionReleased, Rule: "AFG-47",
	})
	text, err := l.Text()
	if err != nil || strings.Contains(text, person.String()) || !strings.Contains(text, "fields: name,fund\n") ||
		!strings.Contains(text, "policy: unstated\n") {
		t.Fatalf("%v\n%s", err, text)
	}
}

func TestTheLeavesOfAPackageAndAnExtractCountRecordsAndNameNone(t *testing.T) {
	t.Parallel()
	at, id := due.Add(1234567), uuid.New()
	for _, row := range []struct {
		leaf receipt.Leaf
		want string
	}{
		{leaf.OfSealing("arbetsformedlingen", leaf.Sealing{Package: id, Archive: "riksarkivet", Records: 12, Rule: "AFG-55",
			PolicyVersion: "2024-1", SealedAt: at, Commitment: make([]byte, 32)}),
			"leaf: sealed\npackage: " + id.String() + "\nauthority: arbetsformedlingen\narchive: riksarkivet\nrecords: 12\nrule: AFG-55\n" +
				"policy: 2024-1\nsealed-at: 2025-04-30T22:00:00.001234Z\ncommitment: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"},
		{leaf.OfExtract("arbetsformedlingen", leaf.Extract{ID: id, Records: 3, Rule: "AFG-58", IssuedAt: at, Commitment: make([]byte, 32)}),
			"leaf: extract\nextract: " + id.String() + "\nauthority: arbetsformedlingen\nrecords: 3\nrule: AFG-58\n" +
				"policy: unstated\nissued-at: 2025-04-30T22:00:00.001234Z\ncommitment: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"},
	} {
		if text, err := row.leaf.Text(); err != nil || text != row.want {
			t.Errorf("%v\n%s", err, text)
		}
	}
}
