package consume

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/services/case-linker/internal/lifetime"
	"gallra.se/services/case-linker/internal/store"
)

// sealSeparations prepares, for each share that is due, the word to statistics that its row is to lose its link.
func (e *Events) sealSeparations(ctx context.Context, ev bus.Event) (any, error) {
	var said events.DisposalDue
	if err := ev.Into(&said); err != nil || said.Holder != Holder {
		return nil, err
	}
	pack, ok := e.Packs.Pack(ev.Authority)
	if !ok {
		return nil, bus.Refuse(fmt.Errorf("no policy pack for %s", ev.Authority))
	}
	drafts := map[uuid.UUID]outbox.Draft{}
	for _, u := range said.Units {
		s, found, err := store.FindShare(ctx, e.Desk.DB, ev.Authority, u.Unit)
		if err != nil || !found {
			if err != nil {
				return nil, err
			}
			continue
		}
		draft, ok, err := e.Desk.StatisticsSeparation(ctx, pack, s, pack.Today(ev.Time()))
		if err != nil {
			return nil, err
		}
		if ok {
			drafts[u.Unit] = draft
		}
	}
	return drafts, nil
}

// disposalDue is the holder's word on a disposal (D8 c): check and intent are one transaction that locks the persons
// first. What our own facts speak against is declined with the reason; for the rest there is no way back. A second
// delivery finds the intent or no row; one after the disposal finds neither.
func (e *Events) disposalDue(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.DisposalDue
	if err := ev.Into(&said); err != nil || said.Holder != Holder {
		return err
	}
	if err := e.samePolicy(ctx, tx, ev.Authority, said); err != nil {
		return err
	}
	units, err := e.lock(ctx, tx, ev.Authority, said)
	if err != nil {
		return err
	}
	separations := ev.Prepared.(map[uuid.UUID]outbox.Draft)
	declined := map[uuid.UUID][]events.DeclinedUnit{}
	var intents []store.Intent
	var drafts []outbox.Draft
	for _, u := range said.Units {
		held, ok := units[u.Unit]
		if !ok {
			continue
		}
		reason, err := e.veto(ctx, tx, ev, held, u)
		if err != nil {
			return err
		}
		if reason != "" {
			declined[held.person] = append(declined[held.person], events.DeclinedUnit{Unit: u.Unit, Reason: reason})
			continue
		}
		intents = append(intents, intent(ev.Authority, held.person, u))
		if draft, ok := separations[u.Unit]; ok {
			drafts = append(drafts, draft)
		}
	}
	if err := store.InsertIntents(ctx, tx, ev.Authority, intents); err != nil {
		return err
	}
	for person, units := range declined {
		drafts = append(drafts, outbox.Draft{Authority: ev.Authority, Type: events.TypeDisposalDeclined, Subject: person.String(), Key: person.String(),
			Data: events.DisposalDeclined{Holder: Holder, Units: units}})
	}
	return e.Box.Append(ctx, tx, drafts...)
}

// samePolicy sees to it that the veto counts by the policy that the units were found due by. The activation may have been
// applied by another instance, or just before, in this transaction; until it has been, the event is tried again.
func (e *Events) samePolicy(ctx context.Context, tx pgx.Tx, authority string, said events.DisposalDue) error {
	for _, u := range said.Units {
		if e.Policy.Ensure(ctx, authority, u.PolicyVersion) == nil {
			continue
		}
		if err := e.Policy.Catch(ctx, tx); err != nil {
			return err
		}
		if err := e.Policy.Ensure(ctx, authority, u.PolicyVersion); err != nil {
			return err
		}
	}
	return nil
}

// held is a unit that we hold: an identity, a share, or notes beside one.
type held struct {
	person   uuid.UUID
	identity *store.Person // the person, while the identity lives
	share    *store.Share
	file     *store.Case // of the share
	notes    *store.NoteUnit
}

// lock locks the persons that the units are about, then the shares, then the units of notes, and returns the units that
// are still there.
func (e *Events) lock(ctx context.Context, tx pgx.Tx, authority string, said events.DisposalDue) (map[uuid.UUID]held, error) {
	ids := make([]uuid.UUID, len(said.Units))
	for i, u := range said.Units {
		ids[i] = u.Unit
	}
	persons, besides, err := store.Concerned(ctx, tx, authority, ids)
	if err != nil {
		return nil, err
	}
	persons = append(persons, ids...)
	locked, err := store.LockPersons(ctx, tx, authority, persons)
	if err != nil {
		return nil, err
	}
	shares, err := store.LockShares(ctx, tx, authority, besides)
	if err != nil {
		return nil, err
	}
	notes, err := store.LockNoteUnits(ctx, tx, authority, ids)
	if err != nil {
		return nil, err
	}
	files, err := store.FindCases(ctx, tx, authority, casesOf(shares))
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID]held{}
	for _, id := range ids {
		if s, ok := shares[id]; ok && !s.Intended {
			h := held{person: s.Person, share: &s, file: fileOf(files, s)}
			if p, lives := locked[s.Person]; lives {
				h.identity = &p
			}
			out[id] = h
		} else if n, ok := notes[id]; ok && !n.Intended {
			h := held{person: n.Person, notes: &n}
			if p, lives := locked[n.Person]; lives {
				h.identity = &p
			}
			if s, lives := shares[n.Share]; lives {
				h.share, h.file = &s, fileOf(files, s)
			}
			out[id] = h
		} else if p, ok := locked[id]; ok && !p.Intended {
			out[id] = held{person: id, identity: &p}
		}
	}
	return out, nil
}

func casesOf(shares map[uuid.UUID]store.Share) []uuid.UUID {
	var ids []uuid.UUID
	for _, s := range shares {
		ids = append(ids, s.Case)
	}
	return ids
}

func fileOf(files map[uuid.UUID]store.Case, s store.Share) *store.Case {
	c, there := files[s.Case]
	if !there {
		return nil
	}
	return &c
}

// veto is what our own facts say against a disposal.
func (e *Events) veto(ctx context.Context, tx pgx.Tx, ev bus.Event, h held, u events.DueUnit) (string, error) {
	pack, ok := e.Packs.Pack(ev.Authority)
	if !ok {
		return "", bus.Refuse(fmt.Errorf("no policy pack for %s", ev.Authority))
	}
	if u.Trigger == events.TriggerErasureOrdered {
		return erasureVeto(ctx, tx, pack, ev, h, u.Unit)
	}
	dueOn, err := calendar.ParseDate(u.DueOn)
	if err != nil {
		return "", bus.Refuse(fmt.Errorf("due date of a unit: %w", err))
	}
	if h.share == nil && h.notes == nil {
		return lifetime.IdentityVeto(pack, lifetime.Facts{RegisteredOn: h.identity.RegisteredOn, DeregisteredOn: h.identity.DeregisteredOn}, dueOn), nil
	}
	facts, there := shareFacts(pack, h)
	if !there { // the share went before its notes: nothing can be decided about the case any more
		if _, preserved := pack.Preserved(facts.Category, facts.CaseType); preserved {
			return lifetime.Preserved, nil
		}
		return "", nil
	}
	return lifetime.ShareVeto(pack, facts, h.identity == nil && h.share.Kind == store.Registered, dueOn), nil
}

// erasureVeto is what our own facts say against an erasure that somebody has ordered: neither that a case is open nor that a
// person is registered, but that a rule keeps one of the records that lie under the unit now.
func erasureVeto(ctx context.Context, tx pgx.Tx, pack *policy.Pack, ev bus.Event, h held, unit uuid.UUID) (string, error) {
	if h.share == nil && h.notes == nil {
		return "", nil
	}
	categories, err := store.CategoriesUnder(ctx, tx, ev.Authority, unit)
	if err != nil {
		return "", err
	}
	facts, there := shareFacts(pack, h)
	for _, facts.Category = range categories {
		if lifetime.KeptFromErasure(pack, facts, there, pack.Today(ev.Time())) != "" {
			return lifetime.Preserved, nil
		}
	}
	return "", nil
}

// shareFacts is what we know of a unit of a share; there is false when the share or its case is not there any more.
func shareFacts(pack *policy.Pack, h held) (f lifetime.Facts, there bool) {
	if h.notes != nil {
		f.Category, f.CaseType = h.notes.Category, h.notes.CaseType
	}
	if h.share == nil || h.file == nil {
		return f, false
	}
	if h.identity != nil {
		f.DeregisteredOn = h.identity.DeregisteredOn
	}
	f.CaseType, f.OpenedOn, f.ClosedOn = h.file.Type, pack.Today(h.file.OpenedAt), h.file.ClosedOn
	return f, true
}

func intent(authority string, person uuid.UUID, u events.DueUnit) store.Intent {
	dueOn, _ := calendar.ParseDate(u.DueOn) // veto has read it
	return store.Intent{Authority: authority, Unit: u.Unit, Person: person, Rule: u.Rule, Trigger: u.Trigger,
		DueOn: dueOn, DueAt: u.DueAt, PolicyVersion: u.PolicyVersion}
}
