package caselinker_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/rekey"
)

// part says as retention-timer does that records must part from a unit because of an order to erase.
func (w *world) part(person, unit uuid.UUID, records ...uuid.UUID) {
	w.t.Helper()
	w.tell("retention", outbox.Draft{Authority: w.whose, Type: events.TypeErasureOrdered, Subject: person.String(), Key: person.String(),
		Data: events.ErasureOrdered{Erasure: uuid.New(), Holder: "case-linker", Units: []uuid.UUID{unit}, Records: records}})
}

// erase says as retention-timer does that units are to be erased.
func (w *world) erase(rule string, units ...uuid.UUID) {
	w.t.Helper()
	said := events.DisposalDue{Holder: "case-linker"}
	for _, u := range units {
		said.Units = append(said.Units, events.DueUnit{Unit: u, Rule: rule, Trigger: events.TriggerErasureOrdered, DueOn: "2023-05-02", DueAt: w.clock.Now(), PolicyVersion: "2021-01-01"})
	}
	w.tell("retention", outbox.Draft{Authority: w.whose, Type: events.TypeDisposalDue, Subject: units[0].String(), Key: units[0].String(), Data: said})
}

func noteID(path string) uuid.UUID { return uuid.MustParse(path[len("/v1/notes/"):]) }

// boxOf is what is encrypted of a note, and of a share.
func (w *world) boxOf(note uuid.UUID) (box []byte) {
	w.t.Helper()
	w.must(w.db.QueryRow(w.ctx, `SELECT content FROM note WHERE note = $1`, note).Scan(&box))
	return box
}

func (w *world) unit(id uuid.UUID) *keyring.Unit {
	w.t.Helper()
	unit, err := w.keys.Unit(w.ctx, keyring.UnitRef{Authority: w.whose, ID: id})
	w.must(err)
	return unit
}

func (w *world) rekeys() *rekey.Desk { return &rekey.Desk{DB: w.db, Keys: w.keys} }

func aadOf(note uuid.UUID) keyring.AAD {
	return keyring.AAD{Authority: af, Record: note, Category: "case.note"}
}

// TestANoteIsErasedOutOfALivingShareAndNoCopyReadsIt: its person is registered, its case is open, and what stays in the share
// reads, in the rows of today and, by the keys of today, in those of a backup made before.
func TestANoteIsErasedOutOfALivingShareAndNoCopyReadsIt(t *testing.T) { // AFG-62
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	paths := []string{w.write(caseID, ""), w.write(caseID, ""), w.write(caseID, "")}
	erased, kept, share := noteID(paths[0]), noteID(paths[1]), w.share()
	var file []byte
	w.must(w.db.QueryRow(w.ctx, `SELECT content FROM share`).Scan(&file))
	before := map[uuid.UUID][]byte{erased: w.boxOf(erased), kept: w.boxOf(kept), noteID(paths[2]): w.boxOf(noteID(paths[2]))}
	copied := w.keyRows(share)

	w.part(person, share, erased)
	w.until("the note parts", func() bool { return w.sent(events.TypeCaseParted) == 1 })
	told := said[events.CaseRecordParted](w, events.TypeCaseParted)[0]
	if told.Person != person || told.Record != erased || told.FromUnit != share || told.Case != caseID || told.Category != "case.note" {
		t.Errorf("told %+v", told)
	}
	w.answers("parted", http.StatusOK, append(paths, "/v1/cases/"+caseID.String())...)
	w.part(person, told.Unit, erased) // who asks has not heard of it
	w.until("it is said once more", func() bool { return w.sent(events.TypeCaseParted) == 2 })
	if again := said[events.CaseRecordParted](w, events.TypeCaseParted)[1]; again.FromUnit != told.Unit || again.Unit != told.Unit {
		t.Errorf("told again %+v", again)
	}
	current := w.boxOf(erased)

	w.erase("AFG-62", told.Unit)
	w.until("the note is gone", func() bool { return len(w.disposed()) == 1 })
	gone := said[events.RecordDisposed](w, events.TypeRecordDisposed)[0].Units[0]
	if gone.Unit != told.Unit || gone.Rule != "AFG-62" || gone.Trigger != events.TriggerErasureOrdered || len(gone.Records) != 1 || gone.Records[0].Record != erased {
		t.Errorf("%+v", gone)
	}
	w.answers("afterwards", http.StatusGone, paths[0])
	w.answers("afterwards", http.StatusOK, paths[1], paths[2], "/v1/cases/"+caseID.String(), "/v1/persons/"+person.String())
	w.erase("AFG-62", told.Unit) // a second delivery

	unit := w.unit(share)
	if unit.Number() != 1 || w.count(`SELECT count(*) FROM parting`) != 0 || w.count(`SELECT key_number FROM share`) != 1 {
		t.Errorf("the share was renewed %d times", unit.Number())
	}
	for note, box := range before {
		if _, err := unit.Open(aadOf(note), box); !errors.Is(err, keyring.ErrBox) {
			t.Errorf("an old box opens under the key of today: %v", err)
		}
		fresh, err := w.keys.Inherit(w.ctx, unit, aadOf(note), box)
		if note == erased {
			if err == nil {
				t.Error("the erased note is read from a copy")
			}
			continue
		}
		if err == nil {
			_, err = unit.Open(aadOf(note), fresh)
		}
		if err != nil {
			t.Errorf("a note that lives is not read from a copy: %v", err)
		}
	}
	for what, box := range map[string][]byte{"before it parted": before[erased], "after": current} {
		for _, ref := range []uuid.UUID{share, person, told.Unit} {
			key, err := w.keys.Unit(w.ctx, keyring.UnitRef{Authority: af, ID: ref})
			if err != nil {
				continue
			}
			if _, err := key.Open(aadOf(erased), box); err == nil {
				t.Errorf("a copy of the note %s opens", what)
			}
		}
	}
	w.withOldKey(share, copied, func() {
		if _, err := w.keys.Unit(w.ctx, keyring.UnitRef{Authority: af, ID: share}); err == nil {
			t.Error("the share's key of a backup opens under the pages of today")
		}
	})

	// The rows of before, restored: what lives is brought under the key of today, and the erased one opens with nothing.
	w.restoreRows(share, file, before)
	if got := w.status(paths[1]); got == http.StatusOK {
		t.Error("the rows of before open under the key of today")
	}
	w.must(w.rekeys().Restored(w.ctx))
	w.answers("restored", http.StatusOK, paths[1], paths[2], "/v1/cases/"+caseID.String())
}

// keyRows are the wrapped keys of a unit as a backup of the key database has them.
func (w *world) keyRows(unit uuid.UUID) (wrapped []byte) {
	w.t.Helper()
	w.must(w.keyDB.QueryRow(w.ctx, `SELECT wrapped FROM key_unit WHERE unit = $1`, unit).Scan(&wrapped))
	return wrapped
}

// withOldKey has a unit's key row be that of a backup while something is tried.
func (w *world) withOldKey(unit uuid.UUID, wrapped []byte, try func()) {
	w.t.Helper()
	today := w.keyRows(unit)
	for _, row := range [][]byte{wrapped, today} {
		_, err := w.keyDB.Exec(w.ctx, `UPDATE key_unit SET wrapped = $1 WHERE unit = $2`, row, unit)
		w.must(err)
		if &row[0] == &wrapped[0] {
			try()
		}
	}
}

// restoreRows puts rows of a backup back.
func (w *world) restoreRows(share uuid.UUID, file []byte, notes map[uuid.UUID][]byte) {
	w.t.Helper()
	_, err := w.db.Exec(w.ctx, `UPDATE share SET content = $2, key_number = 0 WHERE share = $1`, share, file)
	w.must(err)
	for note, box := range notes {
		_, err := w.db.Exec(w.ctx, `UPDATE note SET content = $2 WHERE note = $1`, note, box)
		w.must(err)
	}
}

func TestAShareIsErasedInAnOpenCaseAndItsFinishedDocumentStays(t *testing.T) { // AFG-63
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	note, document, share := w.write(caseID, ""), w.write(caseID, "final"), w.share()
	w.erase("AFG-62", share)
	w.until("it is declined", func() bool { return w.sent(events.TypeDisposalDeclined) == 1 })
	if no := said[events.DisposalDeclined](w, events.TypeDisposalDeclined)[0]; no.Units[0].Unit != share || no.Units[0].Reason != "preserved" {
		t.Errorf("%+v", no)
	}
	w.part(person, share, noteID(document))
	w.until("the document parts", func() bool { return w.sent(events.TypeCaseParted) == 1 })
	parted := said[events.CaseRecordParted](w, events.TypeCaseParted)[0]
	w.erase("AFG-62", share, person, parted.Unit)
	w.until("both are gone", func() bool { return len(w.disposed()) == 2 })
	w.answers("afterwards", http.StatusGone, note, "/v1/cases/"+caseID.String(), "/v1/persons/"+person.String())
	w.answers("afterwards", http.StatusOK, document)
	if no := said[events.DisposalDeclined](w, events.TypeDisposalDeclined); len(no) != 2 || no[1].Units[0].Unit != parted.Unit || no[1].Units[0].Reason != "preserved" {
		t.Errorf("an order for the document itself: %+v", no)
	}
	if again := w.register("again", anna); again.ID == person {
		t.Error("somebody who was erased is found by the number")
	}
}

func TestARenewalIsTakenUpWhereverItStopped(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	first, second, kept, share := w.write(caseID, ""), w.write(caseID, ""), w.write(caseID, ""), w.share()
	boom := errors.New("boom")
	var boxes [][]byte
	for n, record := range []uuid.UUID{noteID(first), noteID(second)} {
		at := []string{"renewed", "rewrapped"}[n]
		boxes = append(boxes, w.boxOf(noteID(first)), w.boxOf(noteID(second)))
		w.part(person, share, record)
		w.until("it parts", func() bool { return w.sent(events.TypeCaseParted) == n+1 })
		stopped := w.rekeys()
		stopped.Step = func(name string) error {
			if name == at {
				return boom
			}
			return nil
		}
		if _, err := stopped.Ready(w.ctx); !errors.Is(err, boom) {
			t.Fatalf("at %s: %v", at, err)
		}
		w.answers("stopped at "+at, http.StatusOK, first, second, kept)
	}
	var units []uuid.UUID
	for _, told := range said[events.CaseRecordParted](w, events.TypeCaseParted) {
		units = append(units, told.Unit)
	}
	w.erase("AFG-62", units...)
	w.until("both are gone", func() bool { return len(w.disposed()) == 2 })
	w.answers("afterwards", http.StatusOK, kept, "/v1/cases/"+caseID.String())
	unit := w.unit(share)
	for _, box := range boxes {
		for _, note := range []uuid.UUID{noteID(first), noteID(second)} {
			if _, err := w.keys.Inherit(w.ctx, unit, aadOf(note), box); err == nil {
				t.Error("a copy made before, or between, opens")
			}
		}
	}
	if n, err := w.keys.Renewing(w.ctx, 9); err != nil || len(n) != 0 || w.count(`SELECT count(*) FROM parting`) != 0 {
		t.Errorf("left: %v %v", n, err)
	}
}

// TestANoteEncryptedUnderAKeyThatIsAboutToGoIsNotStored: it was prepared before its unit got a new key, under the share's key
// or that of the share's drafts, and comes to be stored after the rows were re-wrapped.
func TestANoteEncryptedUnderAKeyThatIsAboutToGoIsNotStored(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	w.actFor(sthlm)
	w.enrol(anna, "Anna Kanarie")
	caseID := w.opened("S-1", anna)
	first := w.write(caseID, "draft")
	packs := policy.Default()
	desk := &casework.Desk{DB: w.db, Keys: w.keys, Clock: w.clock, Rules: line.Rules{Packs: packs},
		Box: outbox.New(outbox.Config{Service: "case-linker", Context: "case", Stream: bus.StreamOf("case"), Business: w.clock})}
	for category, unit := range map[string]uuid.UUID{"case.note": w.share(), "case.draft": w.unitOf(caseID, "case.draft")} {
		taken := casework.Taken{Authority: sthlm, Note: uuid.New(), At: w.clock.Now(), Case: caseID, Text: "what was said", Category: category}
		early, err := desk.Place(w.ctx, taken)
		w.must(err)
		_, err = w.db.Exec(w.ctx, `INSERT INTO parting (authority, unit) VALUES ($1, $2)`, sthlm, unit)
		w.must(err)
		renewed, err := w.rekeys().Ready(w.ctx)
		w.must(err)
		keep := func(p casework.Placed) error {
			return pg.Tx(w.ctx, w.db, func(tx pgx.Tx) error { return desk.Keep(w.ctx, tx, p) })
		}
		if err := keep(early); !errors.Is(err, casework.ErrMoved) {
			t.Errorf("%s: stored under the old key: %v", category, err)
		}
		late, err := desk.Place(w.ctx, taken)
		w.must(err)
		w.must(keep(late))
		w.must(w.keys.End(w.ctx, keyring.Ending{OldKeys: renewed.Old}))
		w.must(w.rekeys().Done(w.ctx, renewed, nil))
		w.answers("after the renewal", http.StatusOK, "/v1/notes/"+taken.Note.String(), first)
	}
}
