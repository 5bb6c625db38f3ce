package sweep

import (
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/services/retention-timer/internal/store"
)

func TestALetterCarriesWhatOneEventMay(t *testing.T) {
	t.Parallel()
	var taken []store.Unit
	for n := range 2*events.MaxUnits + 1 {
		taken = append(taken, store.Unit{ID: uuid.New(), Authority: "a", Holder: events.Intake, Kind: store.ContactUnit, Key: uuid.NewString(), Partition: n % 2})
	}
	for _, kind := range []string{store.IdentityUnit, store.ShareUnit} {
		taken = append(taken, store.Unit{ID: uuid.New(), Authority: "a", Holder: events.CaseLinker, Kind: kind, Key: "person"})
	}
	sizes := map[string][]int{}
	for _, d := range letters(taken) {
		said := d.Data.(events.DisposalDue)
		sizes[said.Holder] = append(sizes[said.Holder], len(said.Units))
	}
	total, most := 0, 0
	for _, n := range sizes[events.Intake] {
		total, most = total+n, max(most, n)
	}
	if total != 2*events.MaxUnits+1 || most > events.MaxUnits || len(sizes[events.Intake]) != 3 {
		t.Errorf("contacts in events of %v", sizes[events.Intake])
	}
	if n := sizes[events.CaseLinker]; len(n) != 1 || n[0] != 2 {
		t.Errorf("a person's units in events of %v", n)
	}
}
