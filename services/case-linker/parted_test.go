package caselinker_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/outbox"
)

// hold says as retention-timer does that units are held, because of a record alone if one is named.
func (w *world) hold(hold uuid.UUID, person uuid.UUID, record *uuid.UUID, units ...uuid.UUID) {
	w.t.Helper()
	w.tell("retention", outbox.Draft{Authority: w.whose, Type: events.TypeHoldPlaced, Subject: person.String(), Key: person.String(),
		Data: events.HoldPlaced{Hold: hold, Holder: "case-linker", Units: units, Reason: "complaint", Record: record}})
}

func (w *world) release(hold uuid.UUID, person uuid.UUID, units ...uuid.UUID) {
	w.t.Helper()
	w.tell("retention", outbox.Draft{Authority: w.whose, Type: events.TypeHoldReleased, Subject: person.String(), Key: person.String(),
		Data: events.HoldReleased{Hold: hold, Holder: "case-linker", Units: units, Reason: "complaint"}})
}

func TestANoteThatAloneIsHeldLetsTheRestGo(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	held, other := w.write(caseID, ""), w.write(caseID, "")
	record, share, hold := uuid.MustParse(held[len("/v1/notes/"):]), w.share(), uuid.New()
	w.end("2023-05-02")
	w.hold(hold, person, &record, share)
	w.until("the note parts", func() bool { return w.sent(events.TypeCaseParted) == 1 })
	told := said[events.CaseRecordParted](w, events.TypeCaseParted)[0]
	if told.Person != person || told.Record != record || told.FromUnit != share || told.Case != caseID || told.Category != "case.note" || told.Unit == share {
		t.Errorf("told %+v", told)
	}
	w.hold(hold, person, &record, told.Unit) // what retention-timer answers
	w.release(hold, person, share)
	w.until("the share is not held any more", func() bool { return w.count(`SELECT count(*) FROM unit_hold`) == 1 })
	w.clock.set(t, "2025-07-03T00:00:00+02:00")
	w.answers("when the share's time is over", http.StatusGone, other, "/v1/cases/"+caseID.String())
	w.answers("when the share's time is over", http.StatusOK, held)
	w.due("AFC-13", "2025-07-03", person, share)
	w.until("the share is gone", func() bool { return len(w.disposed()) == 2 })
	w.answers("when the share is gone", http.StatusGone, other)
	w.answers("when the share is gone", http.StatusOK, held)
	if v := w.read(held); v.Text != "kanarie-" || v.Case != caseID {
		t.Errorf("%+v", v)
	}
	w.release(hold, person, told.Unit)
	w.until("the note is not held any more", func() bool { return w.count(`SELECT count(*) FROM unit_hold`) == 0 })
	w.answers("after the release", http.StatusGone, held)
	w.due("AFC-13", "2025-07-04", told.Unit)
	w.until("the note is gone", func() bool { return len(w.disposed()) == 3 })
	w.answers("at last", http.StatusGone, held)
	if n := w.sent(events.TypeCaseParted); n != 1 {
		t.Errorf("parted %d times", n)
	}
}

func TestAHoldOnMoreThanANotePartsNothing(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	w.write(caseID, "")
	var file uuid.UUID
	w.must(w.db.QueryRow(w.ctx, `SELECT file FROM case_file`).Scan(&file))
	unknown := uuid.New()
	w.hold(uuid.New(), person, nil, w.share())
	w.hold(uuid.New(), person, &file, w.share())
	w.hold(uuid.New(), person, &unknown, w.share())
	w.until("three holds are noted", func() bool { return w.count(`SELECT count(*) FROM unit_hold`) == 3 })
	if n := w.count(`SELECT count(*) FROM note_unit`); n != 0 || w.sent(events.TypeCaseParted) != 0 {
		t.Error("something parted")
	}
}

func TestOnePersonsPartOfASharedNoteIsHeldAlone(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	a, b, caseID := w.couple()
	note := w.ok(w.post("/v1/cases/"+caseID.String()+"/notes", map[string]any{"text": "Anna Kanarie and Bo"})).Note
	annas, bos := w.shareOf(a, caseID), w.shareOf(b, caseID)
	w.closed("AF-1", "2023-05-02")
	w.hold(uuid.New(), a, &note, annas)
	w.until("Anna's part parts", func() bool { return w.sent(events.TypeCaseParted) == 1 })
	w.clock.set(t, "2026-05-02T00:00:00+02:00")
	w.due("AFG-53", "2026-05-02", bos)
	w.until("Bo is gone", func() bool { return len(w.disposed()) == 1 })
	v := w.read("/v1/notes/" + note.String())
	if v.Text != "Anna Kanarie and [person 1]" && v.Text != "Anna Kanarie and [person 2]" || len(v.Flags) != 1 {
		t.Errorf("%+v", v)
	}
}

func TestADraftWithoutARuleOfItsOwnPartsByTheFilesRule(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	person, caseID := w.open("AF-1")
	draft := w.write(caseID, "draft")
	record := uuid.MustParse(draft[len("/v1/notes/"):])
	w.hold(uuid.New(), person, &record, w.share())
	w.until("the draft parts", func() bool { return w.sent(events.TypeCaseParted) == 1 })
	if told := said[events.CaseRecordParted](w, events.TypeCaseParted)[0]; told.Category != "case.file" {
		t.Errorf("it goes as %s", told.Category)
	}
	w.closed("AF-1", "2023-05-02")
	w.answers("after the closing", http.StatusOK, draft)
}
