package ledger_test

import (
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
)

// AFG-10: a receipt of a protected person's record is like none for whoever is not appointed, and the log is whole for who
// checks it.
func TestReceiptsOfProtectedPersonsAreForTheAppointed(t *testing.T) {
	t.Parallel()
	s := start(t)
	hidden, shown := disposed("AFC-10", 2), disposed("AFC-10", 2)
	for i := range hidden.Units {
		hidden.Units[i].Audience = events.AudienceProtected
	}
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, hidden)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, shown)
	delivered := events.DisclosureDelivered{Disclosure: uuid.New(), Recipient: "SE-KFM", Fields: []string{"name"},
		Decision: events.DecisionReleased, Rule: "AFG-47", Audience: events.AudienceProtected}
	s.send(uuid.New(), "disclosure", af, events.TypeDisclosureDelivered, delivered)
	s.awaitSigned(5)
	officer := &bearer.Claims{Authority: af, Name: "olle", Roles: []string{"case-officer"}}
	appointed := &bearer.Claims{Authority: af, Name: "petra", Roles: []string{"protected-officer"}, Appointed: true}
	elsewhere := &bearer.Claims{Authority: ksc, Name: "maija", Roles: []string{"protected-officer"}, Appointed: true}
	for name, row := range map[string]struct {
		who  *bearer.Claims
		want int
	}{"an officer": {officer, 2}, "an appointed officer": {appointed, 5}, "the operator": {operator, 5}, "another authority's": {elsewhere, 0}} {
		if got := s.receipts("", row.who); len(got) != row.want {
			t.Errorf("%s gets %d receipts, want %d", name, len(got), row.want)
		}
	}
	_, unknown := s.get("/v1/ledger/receipts?record="+uuid.NewString(), officer)
	for _, record := range []uuid.UUID{hidden.Units[0].Records[0].Record, delivered.Disclosure} {
		if status, body := s.get("/v1/ledger/receipts?record="+record.String(), officer); status != 200 || body != unknown {
			t.Errorf("%d %q", status, body)
		}
		if got := s.receipts("?record="+record.String(), appointed); len(got) != 1 {
			t.Errorf("the appointed officer gets %d", len(got))
		}
	}
}
