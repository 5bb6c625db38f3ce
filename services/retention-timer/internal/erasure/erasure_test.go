package erasure_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/erasure"
	"gallra.se/services/retention-timer/internal/hold"
	"gallra.se/services/retention-timer/internal/store"
	"gallra.se/services/retention-timer/internal/sweep"
	"gallra.se/services/retention-timer/internal/testbed"
)

func desk(b *testbed.Bed) *erasure.Desk {
	return &erasure.Desk{Desk: b.Desk.Desk, DB: b.DB, Clock: b.Now, Changed: func() {}, Patience: 100 * time.Millisecond}
}

func order(t *testing.T, b *testbed.Bed, r erasure.Request) erasure.Order {
	t.Helper()
	r.Ground = "unlawful"
	o, again, err := desk(b).Order(t.Context(), b.Authority, r)
	if err != nil || again {
		t.Fatalf("again %v: %v", again, err)
	}
	return o
}

// refused is the reason of a refusal, and the rule that it cites.
func refused(t *testing.T, b *testbed.Bed, r erasure.Request) string {
	t.Helper()
	_, _, err := desk(b).Order(t.Context(), b.Authority, r)
	var p problem.Problem
	if !errors.As(err, &p) {
		t.Fatalf("not refused: %v", err)
	}
	return p.Reason + p.Rule
}

// told are the events of a type since the last look.
func told[T any](b *testbed.Bed, eventType string) (all []T) {
	for _, d := range b.Out.Take() {
		if d.Type == eventType {
			all = append(all, d.Data.(T))
		}
	}
	return all
}

// swept lets the watermarks pass and returns what the sweep takes.
func swept(t *testing.T, b *testbed.Bed) (due []events.DueUnit) {
	t.Helper()
	b.Passed()
	b.Out.Take()
	s := &sweep.Sweep{DB: b.DB, Out: b.Out, Committed: func() {}, Clock: b.Now}
	if err := s.Run(t.Context(), b.Now.Now()); err != nil {
		t.Fatal(err)
	}
	for _, said := range told[events.DisposalDue](b, events.TypeDisposalDue) {
		due = append(due, said.Units...)
	}
	return due
}

// gone tells that the holder has disposed of records by an order.
func gone(b *testbed.Bed, holder, rule string, key uuid.UUID, units ...events.DisposedUnit) {
	b.T.Helper()
	for i := range units {
		units[i].Rule, units[i].Trigger, units[i].DueOn = rule, events.TriggerErasureOrdered, "2024-04-02"
	}
	b.Tell(events.TypeRecordDisposed, key, events.RecordDisposed{Holder: holder, Units: units})
}

func unitOf(unit uuid.UUID, records ...uuid.UUID) events.DisposedUnit {
	u := events.DisposedUnit{Unit: unit}
	for _, r := range records {
		u.Records = append(u.Records, events.DisposedRecord{Record: r, Category: "case.note"})
	}
	return u
}

// parted tells that the holder has given a record a unit of its own, which it returns.
func parted(b *testbed.Bed, person, caseID, record, from uuid.UUID, category string) uuid.UUID {
	b.T.Helper()
	unit := uuid.New()
	b.Tell(events.TypeCaseParted, person, events.CaseRecordParted{Person: person, Record: record, FromUnit: from, Unit: unit, Case: caseID, Category: category})
	return unit
}

var noon = testbed.At("2024-04-02 12:00")

func TestAContactIsErasedByAnOrderThroughTheSameGate(t *testing.T) { // AFG-62
	t.Parallel()
	b := testbed.New(t)
	call := b.Contact("contact.phone-log", "2024-04-01")
	b.Now.Set(noon)
	b.Out.Take()
	o := order(t, b, erasure.Request{Record: call})
	if o.Rule != "AFG-62" || o.State != erasure.Ordered || !o.DueAt.Equal(noon) || len(o.Records) != 1 || len(o.Withheld) != 0 {
		t.Errorf("%+v", o)
	}
	said := told[events.ClockRecomputed](b, events.TypeClockRecomputed)
	if len(said) != 1 || said[0].Units[0].Trigger != events.TriggerErasureOrdered || !said[0].Units[0].DueAt.Equal(noon) || said[0].Units[0].Rule != "AFG-62" {
		t.Errorf("told %+v", said)
	}
	s := &sweep.Sweep{DB: b.DB, Out: b.Out, Committed: func() {}, Clock: b.Now}
	if err := s.Run(t.Context(), noon); err != nil || len(b.Out.Take()) != 0 {
		t.Error("it is taken before the producers' watermarks have passed")
	}
	due := swept(t, b)
	if len(due) != 1 || due[0].Unit != call || due[0].Rule != "AFG-62" || due[0].DueOn != "2024-04-02" || due[0].PolicyVersion == "" || due[0].DespiteHolds {
		t.Fatalf("due %+v", due)
	}
	if again, was, err := desk(b).Order(t.Context(), b.Authority, erasure.Request{Record: call, Ground: "unlawful"}); err != nil || !was || again.Erasure != o.Erasure || again.State != erasure.Ordered {
		t.Errorf("again while it is carried out: %+v %v %v", again, was, err)
	}
	gone(b, events.Intake, "AFG-62", call, unitOf(call, call))
	again, was, err := desk(b).Order(t.Context(), b.Authority, erasure.Request{Record: call, Ground: "unlawful"})
	if err != nil || !was || again.Erasure != o.Erasure || again.State != erasure.Done || again.Disposed != 1 || len(again.Records) != 0 {
		t.Errorf("again afterwards: %+v %v %v", again, was, err)
	}
	if why := refused(t, b, erasure.Request{Record: call, Ground: "legal-duty"}); why != "gone" {
		t.Errorf("a late order: %s", why)
	}
	gone(b, events.Intake, "AFG-62", call, unitOf(call, call)) // a second delivery
	if orders, err := desk(b).Orders(t.Context(), b.Authority); err != nil || len(orders) != 1 || orders[0].Disposed != 1 {
		t.Errorf("%+v %v", orders, err)
	}
}

func TestAHoldWinsAgainstAnOrderUntilItIsReleased(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"hold", "order"} {
		t.Run(first+" first", func(t *testing.T) {
			t.Parallel()
			b := testbed.New(t)
			b.Now.Set(noon)
			call := b.Contact("contact.phone-log", "2024-04-01")
			holds := &hold.Desk{Desk: b.Desk.Desk, DB: b.DB, Clock: b.Now, Changed: func() {}}
			var placed store.Hold
			place := func() {
				var err error
				if placed, err = holds.Place(t.Context(), b.Authority, hold.Request{Scope: "record", Target: call, Reason: "complaint"}); err != nil {
					t.Fatal(err)
				}
			}
			if first == "hold" {
				place()
			}
			order(t, b, erasure.Request{Record: call})
			if first == "order" {
				place()
			}
			orders, err := desk(b).Orders(t.Context(), b.Authority)
			if err != nil || len(orders) != 1 || orders[0].State != erasure.Waiting {
				t.Errorf("%+v %v", orders, err)
			}
			b.Now.Set(testbed.At("2024-04-20 12:00"))
			if due := swept(t, b); len(due) != 0 {
				t.Fatalf("taken although it is held: %+v", due)
			}
			if err := holds.Release(t.Context(), b.Authority, placed.ID); err != nil {
				t.Fatal(err)
			}
			if due := swept(t, b); len(due) != 0 {
				t.Errorf("taken on the day of the release: %+v", due)
			}
			b.Now.Set(testbed.At("2024-04-21 00:00"))
			if due := swept(t, b); len(due) != 1 || due[0].DueOn != "2024-04-21" || due[0].Rule != "AFG-62" {
				t.Errorf("%+v", due)
			}
		})
	}
}

func TestANotePartsFromTheShareOfALivingRegistrationAndGoesAlone(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(noon)
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	note, other := c.Note(), c.Note()
	b.Out.Take()
	if o := order(t, b, erasure.Request{Record: note}); o.Records[0].State != erasure.Parting {
		t.Errorf("%+v", o)
	}
	said := told[events.ErasureOrdered](b, events.TypeErasureOrdered)
	if len(said) != 1 || said[0].Holder != events.CaseLinker || !slices.Equal(said[0].Units, []uuid.UUID{c.Share}) || !slices.Equal(said[0].Records, []uuid.UUID{note}) {
		t.Fatalf("told %+v", said)
	}
	if due := swept(t, b); len(due) != 0 {
		t.Errorf("taken with the share: %+v", due)
	}
	unit := parted(b, p.ID, c.ID, note, c.Share, "case.note")
	parted(b, p.ID, c.ID, uuid.New(), c.Share, "case.note") // somebody else's hold parts something else
	due := swept(t, b)
	if len(due) != 1 || due[0].Unit != unit || due[0].Trigger != events.TriggerErasureOrdered {
		t.Fatalf("due %+v", due)
	}
	if u := b.Unit(c.Share); u.State != store.Idle || b.UnitOf(other) != c.Share {
		t.Errorf("the share is %s", u.State)
	}
	if why := refused(t, b, erasure.Request{Record: c.FileID, Ground: "unlawful"}); why != "invalid-field" {
		t.Errorf("a case's file alone: %s", why)
	}
	// one that has a unit of its own already is told of with that unit
	b.Declined(events.CaseLinker, "preserved", unit)
	b.Tell(events.TypeCaseParted, p.ID, events.CaseRecordParted{Person: p.ID, Record: note, FromUnit: unit, Unit: unit, Case: c.ID, Category: "case.note"})
	b.Now.Set(testbed.At("2024-04-03 00:00"))
	if due := swept(t, b); len(due) != 1 || due[0].Unit != unit {
		t.Errorf("offered again at midnight: %+v", due)
	}
}

func TestAllThatIsSomebodysGoesButWhatARuleKeeps(t *testing.T) { // AFG-63, STH-25
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(noon)
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	note, document := c.Note(), uuid.New()
	b.Tell(events.TypeCaseNoted, p.ID, events.CaseNoted{Person: p.ID, Case: c.ID, Share: c.Share, Note: document, Category: "case.document"})
	vacancy := p.OpenAs("recruitment", "2022-02-01") // nobody may delete its papers yet (AFG-42)
	call, late := b.Contact("contact.phone-log", "2024-04-01"), b.Contact("contact.chat", "2024-04-01")
	b.Tell(events.TypeContactLinked, call, events.ContactLinked{Contact: call, Person: p.ID})
	b.Out.Take()

	o := order(t, b, erasure.Request{Person: p.ID})
	withheld := map[uuid.UUID]string{}
	for _, w := range o.Withheld {
		withheld[w.Record] = w.Rule
	}
	if len(withheld) != 2 || withheld[document] != "AFG-63" || withheld[vacancy.FileID] != "AFG-42" {
		t.Errorf("withheld %+v", o.Withheld)
	}
	if len(o.Records) != 4 { // identity, file, note, call
		t.Errorf("takes %+v", o.Records)
	}
	said := told[events.ErasureOrdered](b, events.TypeErasureOrdered)
	if len(said) != 1 || !slices.Equal(said[0].Units, []uuid.UUID{c.Share}) || !slices.Equal(said[0].Records, []uuid.UUID{document}) {
		t.Fatalf("told to part %+v", said)
	}
	b.Tell(events.TypeContactLinked, late, events.ContactLinked{Contact: late, Person: p.ID}) // the link comes after the order
	due := swept(t, b)
	if units := unitsOf(due); len(due) != 3 || !units[p.ID] || !units[call] || !units[late] {
		t.Fatalf("due while the document is in the share: %+v", due)
	}
	unit := parted(b, p.ID, c.ID, document, c.Share, "case.document")
	if due = swept(t, b); len(due) != 1 || due[0].Unit != c.Share {
		t.Fatalf("due when it has parted: %+v", due)
	}
	gone(b, events.Intake, "AFG-62", call, unitOf(call, call), unitOf(late, late))
	gone(b, events.CaseLinker, "AFG-62", p.ID, unitOf(p.ID, p.ID), unitOf(c.Share, note, c.FileID))
	orders, err := desk(b).Orders(t.Context(), b.Authority)
	if err != nil || len(orders) != 1 || orders[0].State != erasure.Done || orders[0].Disposed != 5 || len(orders[0].Withheld) != 2 {
		t.Errorf("%+v %v", orders, err)
	}
	// what is left of the erased case, which was open, counts as closed: nobody can close it any more
	if u := b.Unit(unit); u.ClosedOn.String() != "2024-04-02" || u.DueOn.String() != "2027-04-02" || u.Rule != "AFG-53" {
		t.Errorf("the document: closed %s, due %s by %s", u.ClosedOn, u.DueOn, u.Rule)
	}
	if u := b.Unit(vacancy.Share); u.Erased.Rule != "" || !u.ClosedOn.IsZero() {
		t.Errorf("the recruitment: %+v", u)
	}
	// what was hers can be told of no more, but by what stayed
	var links int
	if err := b.DB.QueryRow(t.Context(), `SELECT count(*) FROM erasure_record WHERE kept = ''`).Scan(&links); err != nil || links != 0 {
		t.Errorf("%d rows still say whose records these were, %v", links, err)
	}
}

func unitsOf(due []events.DueUnit) map[uuid.UUID]bool {
	all := map[uuid.UUID]bool{}
	for _, u := range due {
		all[u.Unit] = true
	}
	return all
}

func TestAnOrderForARecordFollowsItIntoAnotherCaseAndOneForItsCaseLetsGo(t *testing.T) {
	t.Parallel()
	for scope, row := range map[string]struct{ follows bool }{"record": {true}, "case": {false}} {
		t.Run(scope, func(t *testing.T) {
			t.Parallel()
			b := testbed.New(t)
			b.Now.Set(noon)
			p := b.Registered("2021-02-01")
			old, into := p.Open("2021-02-01"), p.Open("2023-02-01")
			note := old.Note()
			old.Close("2024-03-28")
			target := erasure.Request{Record: note}
			if scope == "case" {
				target = erasure.Request{Case: old.ID}
			}
			order(t, b, target)
			b.Out.Take()
			b.Tell(events.TypeCaseAdopted, p.ID, events.CaseRecordAdopted{Person: p.ID, Record: note, FromUnit: old.Share, Unit: into.Share, Case: into.ID, Category: "case.note"})
			said := told[events.ErasureOrdered](b, events.TypeErasureOrdered)
			if row.follows != (len(said) == 1 && said[0].Units[0] == into.Share && said[0].Records[0] == note) {
				t.Errorf("told %+v", said)
			}
			units := unitsOf(swept(t, b))
			if units[into.Share] || units[old.Share] != (scope == "case") {
				t.Errorf("due %v", units)
			}
		})
	}
}

func TestWhatComesToAShareThatIsBeingErasedGoesWithItOrParts(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(noon)
	p := b.Registered("2021-02-01")
	c := p.Open("2021-02-01")
	o := order(t, b, erasure.Request{Case: c.ID})
	b.Out.Take()
	c.Note()
	document := uuid.New()
	b.Tell(events.TypeCaseNoted, p.ID, events.CaseNoted{Person: p.ID, Case: c.ID, Share: c.Share, Note: document, Category: "case.document"})
	said := told[events.ErasureOrdered](b, events.TypeErasureOrdered)
	if len(said) != 1 || said[0].Erasure != o.Erasure || !slices.Equal(said[0].Records, []uuid.UUID{document}) {
		t.Errorf("told %+v", said)
	}
	swept(t, b)
	b.Declined(events.CaseLinker, "preserved", c.Share) // the document was there before it could part
	if said := told[events.ErasureOrdered](b, events.TypeErasureOrdered); len(said) != 1 {
		t.Errorf("told once more %+v", said)
	}
	orders, err := desk(b).Orders(t.Context(), b.Authority)
	if err != nil || orders[0].State != erasure.Declined || orders[0].Records[0].Declined != "preserved" || len(orders[0].Records) != 2 || len(orders[0].Withheld) != 1 {
		t.Errorf("%+v %v", orders, err)
	}
}

// TestAnOrderIsRefused: unknown, too early, too late, kept, without a ground, at another authority.
func TestAnOrderIsRefused(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(noon)
	call, request, taken := b.Contact("contact.phone-log", "2024-04-01"), uuid.New(), b.Contact("contact.chat", "2024-03-01")
	b.Tell(events.TypeRequestReceived, request, events.RequestReceived{Request: request, Unit: request, ReceivedOn: "2024-04-01"})
	p := b.Registered("2021-02-01")
	document := uuid.New()
	c := p.Open("2021-02-01")
	b.Tell(events.TypeCaseNoted, p.ID, events.CaseNoted{Person: p.ID, Case: c.ID, Share: c.Share, Note: document, Category: "case.document"})
	if due := swept(t, b); len(due) != 1 || due[0].Unit != taken {
		t.Fatalf("%+v", due)
	}
	coming := uuid.New() // its event has not arrived
	for what, row := range map[string]struct {
		asked erasure.Request
		want  string
	}{
		"nobody has told of it":       {erasure.Request{Record: coming, Ground: "unlawful"}, "not-found"},
		"no such person":              {erasure.Request{Person: coming, Ground: "unlawful"}, "not-found"},
		"no such case":                {erasure.Request{Case: coming, Ground: "unlawful"}, "not-found"},
		"a record is no person":       {erasure.Request{Person: call, Ground: "unlawful"}, "not-found"},
		"no target":                   {erasure.Request{Ground: "unlawful"}, "missing-field"},
		"two targets":                 {erasure.Request{Record: call, Person: p.ID, Ground: "unlawful"}, "invalid-field"},
		"no ground":                   {erasure.Request{Record: call}, "missing-field"},
		"a ground of nobody's":        {erasure.Request{Record: call, Ground: "because"}, "invalid-field"},
		"another authority's ground":  {erasure.Request{Record: call, Ground: "inaccurate"}, "invalid-field"},
		"a ground for mailings alone": {erasure.Request{Record: call, Ground: "objection"}, "conflictAFG-67"},
		"a finished document":         {erasure.Request{Record: document, Ground: "unlawful"}, "conflictAFG-63"},
		"a bare request":              {erasure.Request{Record: request, Ground: "unlawful"}, "conflictL-22"},
		"its holder is being asked":   {erasure.Request{Record: taken, Ground: "unlawful"}, "unavailable"},
	} {
		if why := refused(t, b, row.asked); why != row.want {
			t.Errorf("%s: %s, want %s", what, why, row.want)
		}
	}
	b.Declined(events.Intake, "own-facts", taken)
	order(t, b, erasure.Request{Record: taken}) // the holder has said no: now it can be ordered
	order(t, b, erasure.Request{Record: call})
	if why := refused(t, b, erasure.Request{Record: call, Ground: "legal-duty"}); why != "conflict" {
		t.Errorf("on another ground while one is open: %s", why)
	}
	b.ContactAs(coming, "contact.chat", "2024-04-01")
	order(t, b, erasure.Request{Record: coming}) // its event has arrived
	if _, _, err := desk(b).Order(t.Context(), "te-services", erasure.Request{Record: call, Ground: "unlawful"}); !problem.Refused(err) {
		t.Errorf("at another authority: %v", err)
	}
	if orders, err := desk(b).Orders(t.Context(), "te-services"); err != nil || len(orders) != 0 {
		t.Errorf("another authority's: %+v %v", orders, err)
	}
}

func TestOfTwoOrdersAtOnceOneIsTheFirst(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	b.Now.Set(noon)
	call := b.Contact("contact.phone-log", "2024-04-01")
	type answer struct {
		o     erasure.Order
		again bool
		err   error
	}
	answers := make(chan answer)
	for range 4 {
		go func() {
			o, again, err := desk(b).Order(t.Context(), b.Authority, erasure.Request{Record: call, Ground: "unlawful"})
			answers <- answer{o, again, err}
		}()
	}
	firsts, ids := 0, map[uuid.UUID]bool{}
	for range 4 {
		a := <-answers
		if a.err != nil {
			t.Error(a.err)
		}
		if !a.again {
			firsts++
		}
		ids[a.o.Erasure] = true
	}
	if firsts != 1 || len(ids) != 1 {
		t.Errorf("%d first ones, %d orders", firsts, len(ids))
	}
}

func TestARecordingThatAComplaintNeedsIsNotErased(t *testing.T) { // KSC-14
	t.Parallel()
	b := testbed.NewAt(t, "te-customer-service")
	b.Now.Set(noon)
	call := b.Contact("contact.recording", "2024-04-01")
	b.Tell(events.TypeRecordingExtended, call, events.RecordingExtended{Contact: call, Unit: call, Until: "2025-01-31", Reason: "complaint"})
	if why := refused(t, b, erasure.Request{Record: call, Ground: "inaccurate"}); why != "conflictKSC-14" {
		t.Error(why)
	}
	b.Tell(events.TypeRecordingReasonEnded, call, events.RecordingReasonEnded{Contact: call, Unit: call, EndedOn: "2024-04-02"})
	if o := order(t, b, erasure.Request{Record: call}); o.Rule != "KSC-30" {
		t.Errorf("%+v", o)
	}
}
