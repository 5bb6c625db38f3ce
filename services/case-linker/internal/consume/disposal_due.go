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
		draft, ok, err := e.Desk.StatisticsSeparation(ctx, ev.Authority, s, pack.Today(ev.Time()))
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
	units, err := e.lock(ctx, tx, ev.Authority, said)
	if err != nil {
		return err
	}
	separations := ev.Prepared.(map[uuid.UUID]outbox.Draft)
	declined := map[uuid.UUID][]events.DeclinedUnit{}
	var drafts []outbox.Draft
	for _, u := range said.Units {
		held, ok := units[u.Unit]
		if !ok {
			continue
		}
		reason, err := e.veto(ctx, tx, ev.Authority, held, u)
		if err != nil {
			return err
		}
		if reason != "" {
			declined[held.person] = append(declined[held.person], events.DeclinedUnit{Unit: u.Unit, Reason: reason})
			continue
		}
		if err := store.InsertIntent(ctx, tx, intent(ev.Authority, held.person, u)); err != nil {
			return err
		}
		if draft, ok := separations[u.Unit]; ok {
			drafts = append(drafts, draft)
		}
	}
	for person, units := range declined {
		drafts = append(drafts, outbox.Draft{Authority: ev.Authority, Type: events.TypeDisposalDeclined, Subject: person.String(), Key: person.String(),
			Data: events.DisposalDeclined{Holder: Holder, Units: units}})
	}
	return e.Box.Append(ctx, tx, drafts...)
}

// held is a unit that we hold: an identity, or a share.
type held struct {
	person   uuid.UUID
	identity *store.Person // the person, while the identity lives
	share    *store.Share
}

// lock locks the persons that the units are about, then the shares, and returns the units that are still there.
func (e *Events) lock(ctx context.Context, tx pgx.Tx, authority string, said events.DisposalDue) (map[uuid.UUID]held, error) {
	ids := make([]uuid.UUID, len(said.Units))
	for i, u := range said.Units {
		ids[i] = u.Unit
	}
	persons := append([]uuid.UUID(nil), ids...)
	for _, id := range ids {
		s, found, err := store.FindShare(ctx, tx, authority, id)
		if err != nil {
			return nil, err
		}
		if found {
			persons = append(persons, s.Person)
		}
	}
	locked, err := store.LockPersons(ctx, tx, authority, persons)
	if err != nil {
		return nil, err
	}
	shares, err := store.LockShares(ctx, tx, authority, ids)
	if err != nil {
		return nil, err
	}
	out := map[uuid.UUID]held{}
	for _, id := range ids {
		if s, ok := shares[id]; ok && !s.Intended {
			h := held{person: s.Person, share: &s}
			if p, lives := locked[s.Person]; lives {
				h.identity = &p
			}
			out[id] = h
		} else if p, ok := locked[id]; ok && !p.Intended {
			out[id] = held{person: id, identity: &p}
		}
	}
	return out, nil
}

// veto is what our own facts say against a disposal.
func (e *Events) veto(ctx context.Context, tx pgx.Tx, authority string, h held, u events.DueUnit) (string, error) {
	pack, ok := e.Packs.Pack(authority)
	if !ok {
		return "", bus.Refuse(fmt.Errorf("no policy pack for %s", authority))
	}
	dueOn, err := calendar.ParseDate(u.DueOn)
	if err != nil {
		return "", bus.Refuse(fmt.Errorf("due date of a unit: %w", err))
	}
	var facts lifetime.Facts
	if h.identity != nil {
		facts.RegisteredOn, facts.DeregisteredOn = h.identity.RegisteredOn, h.identity.DeregisteredOn
	}
	if h.share == nil {
		return lifetime.IdentityVeto(pack, facts, dueOn), nil
	}
	c, found, err := store.FindCase(ctx, tx, authority, h.share.Case)
	if err != nil || !found {
		return "", err
	}
	facts.OpenedOn, facts.ClosedOn = pack.Today(c.OpenedAt), c.ClosedOn
	return lifetime.ShareVeto(pack, facts, h.identity == nil, dueOn), nil
}

func intent(authority string, person uuid.UUID, u events.DueUnit) store.Intent {
	dueOn, _ := calendar.ParseDate(u.DueOn) // veto has read it
	return store.Intent{Authority: authority, Unit: u.Unit, Person: person, Rule: u.Rule, Trigger: u.Trigger,
		DueOn: dueOn, DueAt: u.DueAt, PolicyVersion: u.PolicyVersion}
}
