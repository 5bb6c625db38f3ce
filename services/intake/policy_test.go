package intake_test

import (
	"strings"
	"testing"

	"gallra.se/events"
	"gallra.se/libs/policy"
)

// shorter is an activation: from 2024 on a call's log is kept for twelve months instead of fifteen.
func shorter(t *testing.T) events.PolicyActivated {
	t.Helper()
	pack, _ := policy.Default().Pack(af)
	said := events.PolicyActivated{Authority: af, Version: "2024-06-01", ValidFrom: "2024-06-01"}
	files := map[string]string{}
	for name, text := range pack.Files() {
		text = strings.Replace(text, "period: 15 months, mode: exact}", "period: 15 months, mode: exact}\n      - {validFrom: 2024-06-01, period: 12 months, mode: exact}", 1)
		files[name] = strings.Replace(text, "\nnotice:\n", "\n  - {version: \"2024-06-01\", validFrom: 2024-06-01}\nnotice:\n", 1)
		said.Files = append(said.Files, events.PolicyFile{Name: name, Text: files[name]})
	}
	changed, err := policy.Parse(af, files)
	must(t, err)
	said.Hash, said.Plan = changed.Hash(), changed.Hash()
	return said
}

func TestAContactGoesByAnActivatedPolicyAndItsReceiptNamesBothVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(irrelevant())
	recorded := w.recorded()
	due := w.due(recorded, "AFC-10", "2025-02-01", "2025-02-01T00:00:00+01:00") // E of twelve months, and a day
	w.clock.set("2025-02-01T00:00:00+01:00")
	w.tell("retention", events.TypeDisposalDue, id, events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{due}})
	var declined events.DisposalDeclined
	w.next(events.TypeDisposalDeclined, &declined)
	if declined.Units[0].Reason != "own-facts" {
		t.Errorf("by the old policy: %+v", declined)
	}
	w.tell("retention", events.TypePolicyActivated, af, shorter(t))
	due.PolicyVersion = "2021-01-01 2024-06-01"
	w.tell("retention", events.TypeDisposalDue, id, events.DisposalDue{Holder: events.Intake, Units: []events.DueUnit{due}})
	var gone events.RecordDisposed
	w.next(events.TypeRecordDisposed, &gone)
	if len(gone.Units) != 1 || gone.Units[0].PolicyVersion != due.PolicyVersion {
		t.Errorf("disposed %+v", gone)
	}
}
