package caselinker_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
)

const (
	anna = "199001012385"
	bo   = "199002102391"
)

// noteView is what a reader gets of a note.
type noteView struct {
	Case     uuid.UUID            `json:"case"`
	Category string               `json:"category"`
	Text     string               `json:"text"`
	Reason   string               `json:"reason"`
	Segments map[uuid.UUID]string `json:"segments"`
	Persons  []uuid.UUID          `json:"persons"`
	Flags    []string             `json:"flags"`
}

func (w *world) read(path string) (v noteView) {
	w.t.Helper()
	a := w.ok(w.call(http.MethodGet, path, "", nil))
	w.must(json.Unmarshal([]byte(a.body), &v))
	return v
}

// post sends a body as JSON.
func (w *world) post(path string, body map[string]any) answer {
	w.t.Helper()
	data, err := json.Marshal(body)
	w.must(err)
	return w.call(http.MethodPost, path, "application/json", data)
}

func (w *world) enrol(number, name string) uuid.UUID {
	w.t.Helper()
	return w.ok(w.line("/v1/persons", "reg-"+name, "person.registered", map[string]any{"person": map[string]string{"nationalId": number, "name": name}})).ID
}

// couple is a case of two persons.
func (w *world) couple() (a, b, caseID uuid.UUID) {
	w.t.Helper()
	a, b = w.enrol(anna, "Anna Kanarie"), w.enrol(bo, "Bo Åkerprov")
	return a, b, w.ok(w.line("/v1/cases", "open", "case.opened", map[string]any{"case": "AF-1", "type": "job-seeking", "persons": []string{anna, bo}})).ID
}

func (w *world) shareOf(person, caseID uuid.UUID) (share uuid.UUID) {
	w.t.Helper()
	w.must(w.db.QueryRow(w.ctx, `SELECT share FROM share WHERE person = $1 AND case_id = $2`, person, caseID).Scan(&share))
	return share
}

// said are the payloads of a type, oldest first.
func said[T any](w *world, eventType string) (out []T) {
	w.t.Helper()
	rows, err := w.db.Query(w.ctx, `SELECT payload FROM outbox WHERE convert_from(payload, 'UTF8') LIKE $1 ORDER BY id`, fmt.Sprintf("%%%q%%", eventType))
	w.must(err)
	payloads, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	w.must(err)
	for _, p := range payloads {
		var e struct{ Data T }
		w.must(json.Unmarshal(p, &e))
		out = append(out, e.Data)
	}
	return out
}

func TestANoteAboutTwoPersonsLosesOneAndKeepsTheOther(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	a, b, caseID := w.couple()
	const text = "ANNA Kanarie (900101-2385) and Bo applied together."
	note := w.ok(w.post("/v1/cases/"+caseID.String()+"/notes", map[string]any{"text": text,
		"segments": map[string]string{anna: "Anna owes Bo Åkerprov a coffee.", b.String(): "Bo is shy of Kanaries dog."}})).Note
	path := "/v1/notes/" + note.String()
	if v := w.read(path); v.Text != text || v.Segments[a] != "Anna owes Bo Åkerprov a coffee." || v.Segments[b] != "Bo is shy of Kanaries dog." ||
		len(v.Persons) != 2 || len(v.Flags) != 0 {
		t.Errorf("the note reads %+v", v)
	}
	told := said[events.CaseNoted](w, events.TypeCaseNoted)
	if len(told) != 2 || told[0].Note != note || told[1].Note != note || told[0].Share == told[1].Share || told[0].Unit != nil || told[0].Category != "case.note" {
		t.Errorf("told of %+v", told)
	}
	if n := w.count(`SELECT sum(n)::int FROM counter WHERE name = 'stored/case.note'`); n != 2 {
		t.Errorf("counted %d times", n)
	}

	w.ok(w.line("/v1/persons", "dereg", "person.deregistered", map[string]any{"nationalId": anna, "effective": "2023-05-02", "reason": "x"}))
	w.ok(w.line("/v1/cases", "close", "case.closed", map[string]any{"case": "AF-1", "effective": "2023-05-02", "reason": "x"}))
	annas := w.shareOf(a, caseID)
	w.clock.set(t, "2025-07-03T00:00:00+02:00")
	w.due("AFC-13", "2025-07-03", a, annas)
	w.until("Anna is gone", func() bool { return len(w.disposed()) == 2 })
	if _, err := w.keys.Unit(w.ctx, keyring.UnitRef{Authority: af, ID: annas}); err == nil {
		t.Error("the key of Anna's part lives")
	}
	v := w.read(path)
	if !strings.HasPrefix(v.Text, "[person ") || strings.Contains(strings.ToLower(v.Text), "kanarie") || strings.Contains(v.Text, "900101") ||
		!strings.HasSuffix(v.Text, " and Bo applied together.") {
		t.Errorf("the text reads %q", v.Text)
	}
	if len(v.Segments) != 1 || !strings.HasPrefix(v.Segments[b], "Bo is shy of [person ") || !slices.Equal(v.Flags, []string{"tokenised"}) || !slices.Equal(v.Persons, []uuid.UUID{b}) {
		t.Errorf("%+v", v)
	}
	for who, status := range map[uuid.UUID]int{a: http.StatusGone, b: http.StatusOK, uuid.New(): http.StatusGone} {
		if got := w.status(path + "?person=" + who.String()); got != status {
			t.Errorf("a part answers %d, expected %d", got, status)
		}
	}
	if got := w.status("/v1/cases/" + caseID.String()); got != http.StatusOK {
		t.Errorf("the case, of which Bo is a part still, answers %d", got)
	}
	receipts := said[events.RecordDisposed](w, events.TypeRecordDisposed)
	var leaves []events.DisposedRecord
	for _, r := range receipts {
		for _, u := range r.Units {
			leaves = append(leaves, u.Records...)
		}
	}
	if !slices.ContainsFunc(leaves, func(r events.DisposedRecord) bool {
		return r.Record == note && r.Category == "case.note" && len(r.Commitment) == 32
	}) {
		t.Errorf("no receipt of Anna's part: %+v", leaves)
	}
	w.clock.set(t, "2026-05-02T00:00:00+02:00")
	w.due("AFG-53", "2026-05-02", w.shareOf(b, caseID))
	w.until("Bo's share is gone", func() bool { return len(w.disposed()) == 3 })
	for _, gone := range []string{path, path + "?person=" + b.String(), "/v1/cases/" + caseID.String()} {
		if got := w.status(gone); got != http.StatusGone {
			t.Errorf("%s answers %d", gone, got)
		}
	}
}

func TestANoteIsAboutWhomItNamesAndWhomItMentions(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	a, b, caseID := w.couple()
	path := "/v1/cases/" + caseID.String() + "/notes"
	for name, c := range map[string]struct {
		body  map[string]any
		about []uuid.UUID
	}{
		"by number":           {map[string]any{"text": "x", "about": []string{"900101-2385"}}, []uuid.UUID{a}},
		"by opaque id":        {map[string]any{"text": "x", "about": []string{b.String()}}, []uuid.UUID{b}},
		"by mention":          {map[string]any{"text": "met Åkerprov", "about": []string{anna}}, []uuid.UUID{a, b}},
		"by segment":          {map[string]any{"segments": map[string]string{bo: "x"}, "about": []string{bo}}, []uuid.UUID{b}},
		"all where none is":   {map[string]any{"text": "x"}, []uuid.UUID{a, b}},
		"a segment beside it": {map[string]any{"text": "x", "about": []string{anna}, "segments": map[string]string{bo: "y"}}, []uuid.UUID{a, b}},
	} {
		note := w.ok(w.post(path, c.body)).Note
		got := w.read("/v1/notes/" + note.String()).Persons
		slices.SortFunc(c.about, func(x, y uuid.UUID) int { return strings.Compare(x.String(), y.String()) })
		if !slices.Equal(got, c.about) {
			t.Errorf("%s: about %v, expected %v", name, got, c.about)
		}
	}
	stranger := number(3)
	for name, c := range map[string]struct {
		body          map[string]any
		reason, field string
	}{
		"a stranger":              {map[string]any{"text": "x", "about": []string{stranger}}, "invalid-field", "about"},
		"a stranger's segment":    {map[string]any{"text": "x", "segments": map[string]string{stranger: "y"}}, "invalid-field", "segments"},
		"a person called twice":   {map[string]any{"segments": map[string]string{anna: "y", a.String(): "z"}}, "invalid-field", "segments"},
		"an empty segment":        {map[string]any{"text": "x", "segments": map[string]string{anna: ""}}, "missing-field", "segments"},
		"nothing":                 {map[string]any{}, "missing-field", "text"},
		"finished and unfinished": {map[string]any{"text": "x", "final": true, "draft": true}, "invalid-field", "draft"},
		"a number for a person":   {map[string]any{"text": "x", "about": []int{7}}, "invalid-field", ""},
	} {
		got := w.post(path, c.body)
		if got.Status != http.StatusUnprocessableEntity || got.Reason != c.reason || got.Field != c.field || strings.Contains(got.body, stranger) {
			t.Errorf("%s: %d %s", name, got.Status, got.body)
		}
	}
}

func TestANoteTakenInAContactStaysWithThePersonOfTheContact(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	_, b, _ := w.couple()
	note := w.noteFrom("AF-1", bo, "met Anna Kanarie")
	w.until("the note is in its case", func() bool { return w.status("/v1/notes/"+note.String()) == http.StatusOK })
	if v := w.read("/v1/notes/" + note.String()); !slices.Equal(v.Persons, []uuid.UUID{b}) || v.Text != "met Anna Kanarie" {
		t.Errorf("%+v", v)
	}
}

func TestNothingOfASharedNoteStandsInTheDatabaseInTheClear(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	_, _, caseID := w.couple()
	w.ok(w.post("/v1/cases/"+caseID.String()+"/notes", map[string]any{"text": "Anna Kanarie", "segments": map[string]string{anna: "kanarie-segment"}}))
	all := w.dump()
	for _, content := range []string{"Kanarie", "kanarie-segment", anna} {
		if strings.Contains(all, content) || strings.Contains(all, hex.EncodeToString([]byte(content))) {
			t.Errorf("%q stands in the database", content)
		}
	}
	if !strings.Contains(all, hex.EncodeToString([]byte("se.gallra.case.noted"))) {
		t.Error("what stands there in the clear is not found either")
	}
}
