package consume_test

import (
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/services/retention-timer/internal/testbed"
)

const (
	ksc = "te-customer-service"
	sth = "stockholm-labour-market-board"
)

func dueOn(t *testing.T, b *testbed.Bed, unit uuid.UUID, on, rule string) {
	t.Helper()
	if u := b.Unit(unit); u.DueOn.String() != on || u.Rule != rule {
		t.Errorf("due %q by %q, expected %q by %q", u.DueOn, u.Rule, on, rule)
	}
}

func TestARecordingIsKeptLongerForAReasonAndNeverBeyondTwelveMonths(t *testing.T) { // SC-13
	t.Parallel()
	b := testbed.NewAt(t, ksc)
	b.Now.Set(testbed.At("2026-01-20 12:00"))
	x, y, z := b.Contact("contact.recording", "2025-08-31"), b.Contact("contact.recording", "2025-08-31"), b.Contact("contact.recording", "2025-08-31")
	extend := func(id uuid.UUID, until string) {
		b.Tell(events.TypeRecordingExtended, id, events.RecordingExtended{Contact: id, Unit: id, Until: until, Reason: "complaint"})
	}
	ended := func(id uuid.UUID, on string) {
		b.TellAt(testbed.At(on+" 15:00"), events.TypeRecordingReasonEnded, id, events.RecordingReasonEnded{Contact: id, Unit: id, EndedOn: on})
	}
	extend(y, "2026-08-30")
	extend(z, "2027-01-31")
	dueOn(t, b, x, "2026-03-01", "KSC-13")
	dueOn(t, b, y, "2026-08-31", "KSC-14")
	dueOn(t, b, z, "2026-08-31", "KSC-14")
	ended(y, "2026-05-04")
	dueOn(t, b, y, "2026-05-05", "KSC-14")
	ended(z, "2026-02-01") // before the ordinary six months are over
	dueOn(t, b, z, "2026-03-01", "KSC-13")
	extend(z, "2026-03-31") // another reason
	dueOn(t, b, z, "2026-04-01", "KSC-14")
}

func TestAllParticipantsOfAGroupGoAYearAfterItsEnd(t *testing.T) { // KSC-18
	t.Parallel()
	b := testbed.NewAt(t, ksc)
	b.Now.Set(testbed.At("2024-02-29 12:00"))
	group, early, late := uuid.New(), uuid.New(), uuid.New()
	b.Tell(events.TypeGroupCreated, group, events.GroupCreated{Group: group, StartOn: "2024-01-08"})
	join := func(id uuid.UUID, on string) {
		b.Tell(events.TypeGroupJoined, group, events.GroupJoined{Group: group, Participant: id, Unit: id, JoinedOn: on})
	}
	join(early, "2024-01-08")
	dueOn(t, b, early, "", "")
	b.Tell(events.TypeGroupMoved, group, events.GroupMoved{Group: group, EndOn: "2024-08-30"})
	join(late, "2024-02-01")
	dueOn(t, b, early, "2025-08-31", "KSC-18")
	dueOn(t, b, late, "2025-08-31", "KSC-18")
	b.Tell(events.TypeGroupEnded, group, events.GroupEnded{Group: group, EndedOn: "2024-02-29"})
	dueOn(t, b, early, "2025-03-01", "KSC-18")
	dueOn(t, b, late, "2025-03-01", "KSC-18")
	b.Disposed(events.Intake, "KSC-18", "2025-03-01", early, late)
	var left int
	if err := b.DB.QueryRow(t.Context(), `SELECT count(*) FROM group_fact`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d groups are remembered, %v", left, err)
	}
}

func TestDraftsAreSweptTheMondayAfterClosureAndDocumentsStay(t *testing.T) { // STH-17, STH-18, STH-19
	t.Parallel()
	b := testbed.NewAt(t, sth)
	p := b.Registered("2024-01-08")
	c := p.OpenAs("service", "2024-01-08")
	draft, document := c.NoteApart("case.draft"), c.NoteApart("case.document")
	note := c.Note()
	c.Close("2024-03-13") // a Wednesday
	dueOn(t, b, c.Share, "2024-03-14", "STH-17")
	dueOn(t, b, draft, "2024-03-18", "STH-19")
	dueOn(t, b, document, "", "")
	c.Reopen("2024-03-13")
	dueOn(t, b, draft, "", "")
	c.Close("2024-03-18") // a Monday: the sweep of that morning is over
	dueOn(t, b, draft, "2024-03-25", "STH-19")
	if b.UnitOf(note) != c.Share {
		t.Error("a note has left its share")
	}
}

func TestAnAdoptedRecordGoesWithTheCaseThatTookIt(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-01-04")
	old, young := p.Open("2021-01-04"), p.Open("2022-01-10")
	note := old.Note()
	old.Close("2022-03-31")
	b.Tell(events.TypeCaseAdopted, p.ID, events.CaseRecordAdopted{Person: p.ID, Record: note, FromUnit: old.Share, Unit: young.Share, Case: young.ID, Category: "case.note"})
	if b.UnitOf(note) != young.Share {
		t.Fatal("the note has not moved")
	}
	young.Close("2023-06-30")
	dueOn(t, b, old.Share, "2025-03-31", "AFG-53")
	dueOn(t, b, young.Share, "2026-06-30", "AFG-53")
}

func TestRecruitmentPapersHaveAFloorAndNoCeilingOfJobSeekers(t *testing.T) { // SC-17
	t.Parallel()
	b := testbed.New(t)
	applicant := b.Stranger()
	c := applicant.OpenAs("recruitment", "2024-02-12")
	c.Close("2024-05-31")
	dueOn(t, b, c.Share, "2026-06-01", "AFG-42")
	u := b.Unit(c.Share)
	if u.FloorOn.String() != "2026-06-01" || !u.BoundAt.IsZero() || !u.CeilingAt.IsZero() {
		t.Errorf("floor %s, bound %s, ceiling %s", u.FloorOn, u.BoundAt, u.CeilingAt)
	}
}

func TestACorrectedDayOfDeregistrationCounts(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	p := b.Registered("2021-01-04")
	p.Deregister("2022-05-16")
	b.Tell(events.TypePersonCorrected, p.ID, events.PersonCorrected{Person: p.ID, Unit: p.ID, Event: "deregistered", EffectiveOn: "2022-06-16", Reason: "wrong-month"})
	dueOn(t, b, p.ID, "2024-08-17", "AFC-13")
}
