package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/ledger/receipt"
)

// answering is a system that answers by route and notes every request but for those of the clock.
type answering struct {
	operator *client.Client
	asked    []string
	sent     map[string]string // by route: the last body
}

func newAnswering(t *testing.T, by map[string]string) *answering {
	t.Helper()
	a := &answering{sent: map[string]string{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route := r.Method + " " + r.URL.RequestURI()
		if !strings.HasPrefix(r.URL.Path, "/sim/") && r.URL.Path != "/v1/summary" {
			body, _ := io.ReadAll(r.Body)
			a.asked, a.sent[route] = append(a.asked, route), string(body)
		}
		body, ok := by[route]
		if !ok {
			body = "{}"
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	a.operator = client.With(server.URL)
	return a
}

func (a *answering) Operator() *client.Client { return a.operator }
func (a *answering) As(string, string, []string, bool) (*client.Client, error) {
	return a.operator, nil
}
func (a *answering) Close() {}

// played runs steps against the system; the first must be the first of the scenario.
func (a *answering) played(t *testing.T, steps string) error {
	t.Helper()
	file, err := Decode("SC-99.yaml", []byte(head+steps))
	if err != nil {
		t.Fatal(err)
	}
	return Run(context.Background(), file, a, &Lines{W: t.Output()})
}

const registered = `  - {at: 2024-01-31 14:00, do: person.register, with: {person: anna}}
  - {at: 2024-01-31 14:01, do: case.open, ref: case, with: {persons: [anna], type: programme}}
  - {at: 2024-01-31 14:02, do: case.note, ref: note, with: {case: case, text: "both", about: [anna], segments: {anna: "hers"}, final: true}}
`

var made99 = map[string]string{
	"POST /v1/persons":         `{"id":"p-1","record":"r-1"}`,
	"POST /v1/cases":           `{"id":"c-1","record":"f-1"}`,
	"POST /v1/cases/c-1/notes": `{"note":"n-1"}`,
	"POST /v1/holds":           `{"id":"h-1"}`,
}

func TestANoteNamesPersonsByTheirNumbersAndAPartByItsPerson(t *testing.T) {
	t.Parallel()
	a := newAnswering(t, made99)
	if err := a.played(t, registered+"  - {at: 2024-01-31 14:03, check: {readable: [note/anna, note]}}\n"); err != nil {
		t.Fatal(err)
	}
	var note struct {
		Text     string
		About    []string
		Segments map[string]string
		Final    bool
	}
	if err := json.Unmarshal([]byte(a.sent["POST /v1/cases/c-1/notes"]), &note); err != nil {
		t.Fatal(err)
	}
	if note.Text != "both" || !slices.Equal(note.About, []string{"199001012385"}) || note.Segments["199001012385"] != "hers" || !note.Final {
		t.Errorf("%+v", note)
	}
	if !slices.Contains(a.asked, "GET /v1/notes/n-1?person=p-1") || !slices.Contains(a.asked, "GET /v1/notes/n-1") {
		t.Error(a.asked)
	}
}

func TestAHoldIsOnARecordByItsRecordAndOnTheRestByTheirIds(t *testing.T) {
	t.Parallel()
	a := newAnswering(t, made99)
	err := a.played(t, registered+`  - {at: 2024-02-01 10:00, do: hold.place, with: {scope: case, target: case, reason: court, reviewAt: 2024-03-01}}
  - {at: 2024-02-02 10:00, do: hold.release, with: {scope: case, target: case}}
  - {at: 2024-02-03 10:00, do: hold.place, with: {scope: person, target: anna, reason: complaint, reviewAt: 2024-03-01 12:00}}
`)
	if err != nil {
		t.Fatal(err)
	}
	if sent := a.sent["POST /v1/holds"]; sent != `{"scope":"person","target":"p-1","reason":"complaint","reviewAt":"2024-03-01T12:00:00+01:00"}` {
		t.Error(sent)
	}
	if !slices.Contains(a.asked, "DELETE /v1/holds/h-1") {
		t.Error(a.asked)
	}
	if err := newAnswering(t, made99).played(t, registered+"  - {at: 2024-02-02 10:00, do: hold.release, with: {scope: case, target: case}}\n"); !errors.Is(err, ErrFailed) {
		t.Errorf("a hold that nobody placed is released: %v", err)
	}
}

func TestRecordsAreAdoptedDeletedAndCorrectedWhereTheyLie(t *testing.T) {
	t.Parallel()
	a := newAnswering(t, made99)
	err := a.played(t, registered+`  - {at: 2024-02-01 10:00, do: case.adopt, with: {record: note, into: case, reason: "needed"}}
  - {at: 2024-02-01 10:01, do: record.delete, with: {record: note, purpose: weeding}}
  - {at: 2024-02-01 10:02, do: record.read, with: {record: case, purpose: question}}
  - {at: 2024-02-01 10:03, do: case.reopen, with: {case: case, effective: 2024-02-01, reason: again}}
  - {at: 2024-02-01 10:04, do: person.correct, with: {person: anna, event: deregistered, effective: 2024-01-30, reason: certificate}}
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"POST /v1/cases/c-1/adopt", "DELETE /v1/notes/n-1", "GET /v1/cases/c-1"} {
		if !slices.Contains(a.asked, want) {
			t.Errorf("nobody asked %s: %v", want, a.asked)
		}
	}
	if sent := a.sent["POST /v1/cases/c-1/adopt"]; sent != `{"reason":"needed","record":"n-1"}` {
		t.Error(sent)
	}
	if sent := a.sent["POST /v1/cases"]; !strings.Contains(sent, `"kind":"case.reopened"`) || !strings.Contains(sent, `"effective":"2024-02-01"`) {
		t.Error(sent)
	}
	if sent := a.sent["POST /v1/persons"]; !strings.Contains(sent, `"kind":"person.corrected"`) || !strings.Contains(sent, `"event":"deregistered"`) {
		t.Error(sent)
	}
}

func TestAPolicyIsChangedByAPlanThatIsThenActivated(t *testing.T) {
	t.Parallel()
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	text, err := json.Marshal(map[string]any{"files": pack.Files()})
	if err != nil {
		t.Fatal(err)
	}
	a := newAnswering(t, map[string]string{"GET /v1/policy": string(text), "POST /v1/policy/plan": `{"hash":"77b1"}`})
	const change = "  - {at: 2025-06-20 09:00, do: policy.change, ref: shorter, with: {rule: AFC-21, period: 14 days, effective: 2025-07-01 00:00}}\n"
	if err := a.played(t, change); err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Files map[string]string
		Plan  string
	}
	if err := json.Unmarshal([]byte(a.sent["POST /v1/policy/activate"]), &sent); err != nil {
		t.Fatal(err)
	}
	changed, err := policy.Parse("arbetsformedlingen", sent.Files)
	if err != nil || sent.Plan != "77b1" || changed.Version != "shorter" {
		t.Errorf("%+v %v", sent.Plan, err)
	}
	if err := a.played(t, strings.Replace(change, "AFC-21", "AFC-99", 1)); !errors.Is(err, ErrFailed) {
		t.Errorf("a rule that there is not was changed: %v", err)
	}
}

func TestAReceiptBearsItsRuleAndItsPolicyVersions(t *testing.T) {
	t.Parallel()
	pack, _ := policy.Default().Pack("arbetsformedlingen")
	text, err := json.Marshal(map[string]any{"files": pack.Files()})
	if err != nil {
		t.Fatal(err)
	}
	r := &run{bench: newAnswering(t, map[string]string{"GET /v1/policy": string(text)}), versions: map[string]string{"shorter": "shorter", "longer": "longer"},
		things: map[string]thing{"chat": {Authority: "arbetsformedlingen"}}}
	leaf := receipt.Leaf{Rule: "AFC-21", Policy: pack.Versions[0].Name + " shorter"}
	for word, bears := range map[string]bool{"AFC-21": true, "original": true, "shorter": true, "longer": false, "AFC-10": false} {
		if err := r.bears(t.Context(), "chat", leaf, word); (err == nil) != bears {
			t.Errorf("%s: %v", word, err)
		}
	}
	leaf.Policy = "shorter"
	if r.bears(t.Context(), "chat", leaf, "original") == nil {
		t.Error("a receipt of a later version passes for the original")
	}
}

func TestAReceiptIsTakenForOnePartOnly(t *testing.T) {
	t.Parallel()
	r := &run{parts: map[string]string{}}
	one, two := receipt.Leaf{Commitment: []byte{1}}, receipt.Leaf{Commitment: []byte{2}}
	for range 2 { // the same part has the same receipt, whenever it is looked at
		if leaf, err := r.partsReceipt("note/anna", []receipt.Leaf{one}); err != nil || leaf.Commitment[0] != 1 {
			t.Errorf("%v %v", leaf, err)
		}
	}
	if _, err := r.partsReceipt("note/bo", []receipt.Leaf{one}); err == nil {
		t.Error("two parts have one receipt")
	}
	if leaf, err := r.partsReceipt("note/bo", []receipt.Leaf{one, two}); err != nil || leaf.Commitment[0] != 2 {
		t.Errorf("%v %v", leaf, err)
	}
}

func TestPausedLooksForItsReasonAmongAll(t *testing.T) {
	t.Parallel()
	a := newAnswering(t, map[string]string{"POST /v1/persons": `{"id":"p-1","record":"r-1"}`, "GET /v1/retention/r-1": `{"paused":["openCase","hold"]}`})
	const person = "  - {at: 2024-01-31 14:00, do: person.register, ref: reg, with: {person: anna}}\n"
	if err := a.played(t, person+"  - {at: 2024-01-31 14:01, check: {paused: {reg: hold}}}\n"); err != nil {
		t.Error(err)
	}
	if err := a.played(t, person+"  - {at: 2024-01-31 14:01, check: {paused: {reg: restriction}}}\n"); !errors.Is(err, ErrFailed) {
		t.Errorf("%v", err)
	}
}
