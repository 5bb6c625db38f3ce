package caselinker_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
)

const sthlm = "stockholm-labour-market-board"

// unitOf is the unit of its own that notes of a category have in a case.
func (w *world) unitOf(caseID uuid.UUID, category string) (unit uuid.UUID) {
	w.t.Helper()
	w.must(w.db.QueryRow(w.ctx, `SELECT unit FROM note_unit WHERE case_id = $1 AND category = $2`, caseID, category).Scan(&unit))
	return unit
}

func (w *world) write(caseID uuid.UUID, kind string) string {
	w.t.Helper()
	body := map[string]any{"text": "kanarie-" + kind}
	if kind != "" {
		body[kind] = true
	}
	return "/v1/notes/" + w.ok(w.post("/v1/cases/"+caseID.String()+"/notes", body)).Note.String()
}

func (w *world) answers(when string, status int, paths ...string) {
	w.t.Helper()
	for _, path := range paths {
		if got := w.status(path); got != status {
			w.t.Errorf("%s: %s answers %d, expected %d", when, path, got, status)
		}
	}
}

func TestDraftsGoWithTheFirstSweepAndFinishedDocumentsStay(t *testing.T) {
	w := newWorld(t, "2025-04-02T09:00:00+02:00") // a Wednesday
	w.actFor(sthlm)
	w.enrol(anna, "Anna Kanarie")
	caseID := w.opened("S-1", anna)
	note, draft, another, final := w.write(caseID, ""), w.write(caseID, "draft"), w.write(caseID, "draft"), w.write(caseID, "final")
	if n := w.count(`SELECT count(*) FROM note_unit`); n != 2 {
		t.Fatalf("%d units of notes, expected one for drafts and one for documents", n)
	}
	share, drafts, documents := w.share(), w.unitOf(caseID, "case.draft"), w.unitOf(caseID, "case.document")
	for _, e := range said[events.CaseNoted](w, events.TypeCaseNoted) {
		if want := map[string]uuid.UUID{"case.draft": drafts, "case.document": documents}[e.Category]; e.Category == "case.note" && e.Unit != nil ||
			e.Category != "case.note" && (e.Unit == nil || *e.Unit != want) {
			t.Errorf("told of %+v", e)
		}
	}
	w.due("STH-19", "2025-04-07", drafts)
	w.until("the open case keeps its drafts", func() bool { return w.sent(events.TypeDisposalDeclined) == 1 })
	w.closed("S-1", "2025-04-02")
	w.clock.set(t, "2025-04-03T00:00:00+02:00")
	w.due("STH-19", "2025-04-03", drafts)
	w.until("it is not Monday yet", func() bool { return w.sent(events.TypeDisposalDeclined) == 2 })
	w.due("STH-17", "2025-04-03", share)
	w.until("the share is gone", func() bool { return len(w.disposed()) == 1 })
	w.answers("the day after the closing", http.StatusGone, note, "/v1/cases/"+caseID.String())
	w.answers("the day after the closing", http.StatusOK, draft, another, final)
	w.clock.set(t, "2025-04-07T00:00:00+02:00")
	w.due("STH-19", "2025-04-07", drafts)
	w.due("STH-18", "2025-04-07", documents)
	w.until("the drafts are gone", func() bool { return len(w.disposed()) == 2 && w.sent(events.TypeDisposalDeclined) == 3 })
	w.answers("after the sweep", http.StatusGone, draft, another)
	w.answers("after the sweep", http.StatusOK, final)
	for _, d := range said[events.DisposalDeclined](w, events.TypeDisposalDeclined) {
		if d.Units[0].Unit == documents && d.Units[0].Reason != "preserved" {
			t.Errorf("the documents are declined because %s", d.Units[0].Reason)
		}
	}
	receipts := said[events.RecordDisposed](w, events.TypeRecordDisposed)
	last := receipts[len(receipts)-1].Units[0]
	if len(last.Records) != 2 || slices.ContainsFunc(last.Records, func(r events.DisposedRecord) bool { return r.Category != "case.draft" }) {
		t.Errorf("the drafts' receipts are %+v", last.Records)
	}
	if _, err := w.keys.Unit(w.ctx, keyring.UnitRef{Authority: sthlm, ID: drafts}); !errors.Is(err, keyring.ErrDestroyed) {
		t.Errorf("the drafts' key answers %v", err)
	}
	got := w.call(http.MethodDelete, final, "", nil)
	var p struct{ Rule string }
	w.must(json.Unmarshal([]byte(got.body), &p))
	if got.Status != http.StatusConflict || p.Rule != "STH-18" {
		t.Errorf("deleting a preserved document is answered %d %s", got.Status, got.body)
	}
}

func TestElsewhereDraftsAndDocumentsGoWithTheirShare(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	_, caseID := w.open("AF-1")
	draft, final := w.write(caseID, "draft"), w.write(caseID, "final")
	share := w.share()
	w.closed("AF-1", "2023-05-02")
	w.clock.set(t, "2026-05-02T00:00:00+02:00")
	w.due("AFG-53", "2026-05-02", share)
	w.until("the share is gone", func() bool { return len(w.disposed()) == 1 })
	w.answers("after the ceiling", http.StatusGone, draft, final)
	if n := w.count(`SELECT (SELECT count(*) FROM note_unit) + (SELECT count(*) FROM note)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestAnAdoptedDraftIsSweptWithItsNewCase(t *testing.T) {
	w := newWorld(t, "2025-04-02T09:00:00+02:00")
	w.actFor(sthlm)
	w.enrol(anna, "Anna Kanarie")
	old := w.opened("S-1", anna)
	draft := w.write(old, "draft")
	oldDrafts := w.unitOf(old, "case.draft")
	w.closed("S-1", "2025-04-02")
	fresh := w.opened("S-2", anna)
	w.ok(w.post("/v1/cases/"+fresh.String()+"/adopt", map[string]any{"record": draft[len("/v1/notes/"):], "reason": "goes on"}))
	w.clock.set(t, "2025-04-07T00:00:00+02:00")
	w.due("STH-19", "2025-04-07", oldDrafts)
	w.due("STH-19", "2025-04-07", w.unitOf(fresh, "case.draft"))
	w.until("the old drafts are gone", func() bool { return len(w.disposed()) == 1 && w.sent(events.TypeDisposalDeclined) == 1 })
	w.answers("after the old case's sweep", http.StatusOK, draft)
}

func TestTheVetoCountsByThePolicyThatAUnitWasFoundDueBy(t *testing.T) {
	w := newWorld(t, "2022-05-16T09:00:00+02:00")
	person, _ := w.open("AF-1")
	w.end("2022-05-16")
	share := w.share()
	shorter := w.policy("2023-01-01", "period: 26 months, mode: exact}", "period: 26 months, mode: exact}\n      - {validFrom: 2023-01-01, period: 12 months, mode: exact}")
	w.clock.set(t, "2023-05-17T00:00:00+02:00")
	w.due("AFC-13", "2023-05-17", person, share)
	w.until("both are declined by the old period", func() bool { return w.sent(events.TypeDisposalDeclined) == 1 })
	w.tell("retention", outbox.Draft{Authority: af, Type: events.TypePolicyActivated, Subject: af, Key: af, Data: shorter})
	w.dueBy("2021-01-01 2023-01-01", "AFC-13", "2023-05-17", person, share)
	w.until("both are gone by the new period", func() bool { return len(w.disposed()) == 2 })
	for _, d := range said[events.RecordDisposed](w, events.TypeRecordDisposed) {
		for _, u := range d.Units {
			if u.PolicyVersion != "2021-01-01 2023-01-01" {
				t.Errorf("the receipt names the policy %q", u.PolicyVersion)
			}
		}
	}
}

func replaced(t *testing.T, text, was, becomes string) string {
	t.Helper()
	if !strings.Contains(text, was) {
		t.Fatalf("the pack has no %q", was)
	}
	return strings.Replace(text, was, becomes, 1)
}

// policy is an activation of a pack that is changed in its rules.
func (w *world) policy(version, was, becomes string) events.PolicyActivated {
	w.t.Helper()
	pack, _ := policy.Default().Pack(af)
	files := map[string]string{}
	for name, text := range pack.Files() {
		files[name] = text
	}
	files["rules.yaml"] = replaced(w.t, files["rules.yaml"], was, becomes)
	files["authority.yaml"] = replaced(w.t, files["authority.yaml"], "notice:\n", "  - {version: \""+version+"\", validFrom: "+version+"}\nnotice:\n")
	changed, err := policy.Parse(af, files)
	w.must(err)
	said := events.PolicyActivated{Authority: af, Version: version, ValidFrom: version, Hash: changed.Hash(), Plan: changed.Hash()}
	for name, text := range files {
		said.Files = append(said.Files, events.PolicyFile{Name: name, Text: text})
	}
	return said
}
