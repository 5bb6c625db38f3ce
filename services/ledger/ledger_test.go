package ledger_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/services/ledger"
	"gallra.se/services/ledger/receipt"
)

const af, ksc = "arbetsformedlingen", "te-customer-service"

var operator = &bearer.Claims{Authority: af, Name: "op", Roles: []string{"operator"}}

type line struct {
	Index   int64
	Kind    string
	Record  uuid.UUID
	Receipt string
}

func (s *system) receipts(query string, who *bearer.Claims) (lines []line) {
	s.t.Helper()
	status, body := s.get("/v1/ledger/receipts"+query, who)
	if status != 200 {
		s.t.Fatalf("%d %s", status, body)
	}
	for raw := range strings.Lines(body) {
		var l line
		if err := json.Unmarshal([]byte(raw), &l); err != nil {
			s.t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return lines
}

func TestEveryDestroyedRecordHasAReceiptThatVerifies(t *testing.T) {
	t.Parallel()
	s := start(t)
	gone := disposed("AFC-10", 3)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, gone)
	s.send(uuid.New(), "case", af, events.TypeRecordDisposed, disposed("AFC-13", 4))
	delivered := events.DisclosureDelivered{Disclosure: uuid.New(), Recipient: "SE-KFM", Fields: []string{"name", "fund"},
		Decision: events.DecisionReleased, Rule: "AFG-47"}
	s.send(uuid.New(), "disclosure", af, events.TypeDisclosureDelivered, delivered)
	s.awaitSigned(8)

	_, key := s.get("/v1/ledger/key", nil)
	lines := s.receipts("", operator)
	found := map[uuid.UUID]int{}
	for i, l := range lines {
		if err := receipt.Verify([]byte(l.Receipt), strings.TrimSpace(key)); err != nil || l.Index != int64(i) {
			t.Errorf("receipt %d: %v", i, err)
		}
		found[l.Record]++
	}
	for _, record := range append(gone.Units[0].Records, events.DisposedRecord{Record: delivered.Disclosure}) {
		if found[record.Record] != 1 {
			t.Errorf("%d receipts of a record", found[record.Record])
		}
	}
	var summary ledger.Summary
	s.ask("ask.ledger.summary", &summary)
	if diff := cmp.Diff(map[string]int64{"AFC-10": 3, "AFC-13": 4}, summary.Disposed); diff != "" || len(lines) != 8 {
		t.Errorf("%d receipts\n%s", len(lines), diff)
	}
	status, note := s.get("/v1/ledger/checkpoint", nil)
	if c, err := receipt.ParseCheckpoint(note); status != 200 || err != nil || c.Size != 8 || c.Verify(strings.TrimSpace(key)) != nil {
		t.Errorf("%d %v\n%s", status, err, note)
	}
}

func TestADeliveryTwiceIsOneLeaf(t *testing.T) {
	t.Parallel()
	s := start(t)
	gone, id := disposed("AFC-10", 2), uuid.New()
	s.send(id, "contact", af, events.TypeRecordDisposed, gone)
	s.send(id, "contact", af, events.TypeRecordDisposed, gone)         // stored twice
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, gone) // said twice
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 1))
	s.awaitSigned(3)
	if lines := s.receipts("", operator); len(lines) != 3 {
		t.Fatalf("%d leaves", len(lines))
	}
}

func TestReceiptsArePagedAndFoundByRecord(t *testing.T) {
	t.Parallel()
	s := start(t)
	gone := disposed("AFC-10", 7)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, gone)
	s.awaitSigned(7)
	page := s.receipts("?after=2&limit=3", operator)
	if len(page) != 3 || page[0].Index != 3 || page[2].Index != 5 {
		t.Errorf("%v", page)
	}
	one := s.receipts("?record="+gone.Units[0].Records[5].Record.String(), operator)
	if len(one) != 1 || one[0].Index != 5 {
		t.Errorf("%v", one)
	}
	if none := s.receipts("?record="+uuid.NewString(), operator); len(none) != 0 {
		t.Errorf("%v", none)
	}
	for _, bad := range []string{"?after=x", "?after=-2", "?limit=0", "?limit=100000", "?record=1", "?person=1"} {
		if status, body := s.get("/v1/ledger/receipts"+bad, operator); status != 422 {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
}

func TestReceiptsOfAnotherAuthorityAreNotShown(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 2))
	s.send(uuid.New(), "contact", ksc, events.TypeRecordDisposed, disposed("KSC-17", 3))
	s.awaitSigned(5)
	for authority, want := range map[string]int{af: 2, ksc: 3, "te-services": 0} {
		got := s.receipts("", &bearer.Claims{Authority: authority, Name: "dpo", Roles: []string{"dpo"}})
		if len(got) != want {
			t.Errorf("%s sees %d receipts, not %d", authority, len(got), want)
		}
	}
	if status, _ := s.get("/v1/ledger/receipts", nil); status != 401 {
		t.Errorf("without a token: %d", status)
	}
}

func TestALeafWithoutACanonicalFormIsParkedAndOthersGoOn(t *testing.T) {
	t.Parallel()
	s := start(t)
	poison := disposed("AFC-10\nrule: AFC-13", 1)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, poison)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 1))
	s.awaitSigned(1)
	var parked int
	if err := s.db.QueryRow(t.Context(), `SELECT count(*) FROM bus_parked`).Scan(&parked); err != nil || parked != 1 {
		t.Fatalf("%d parked: %v", parked, err)
	}
}

func TestWhatIsUnsignedAtTheStartGetsSigned(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 2))
	s.awaitSigned(2)
	s.stop()
	if _, err := s.db.Exec(t.Context(), `DELETE FROM checkpoint; DELETE FROM outbox`); err != nil { // as if killed between append and sign
		t.Fatal(err)
	}
	s.run()
	s.awaitSigned(2)
	if len(s.receipts("", operator)) != 2 {
		t.Fatal("receipts are missing")
	}
}

func TestALogWhoseKeyIsLostGetsNoNewOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 1))
	s.awaitSigned(1)
	s.stop()
	if err := os.Remove(s.keyFile); err != nil {
		t.Fatal(err)
	}
	service, err := ledger.New(s.deps(listener(t)))
	if err != nil {
		t.Fatal(err)
	}
	if err := service.Run(t.Context()); err == nil || !strings.Contains(fmt.Sprint(err), "another key") {
		t.Fatal(err)
	}
}
