package schedule

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/store"
)

// CaseFile is the category of what a share of a case is about.
const CaseFile = "case.file"

// Pursue brings open orders to erase these locked units one step on. What an order wants whole, or has parted already, gets its
// date. Of what an order wants a part of, or all but a part, the holder is told to part it: the rest of the way leads through
// the word that it has. Asked again it says the same again.
func (d *Desk) Pursue(ctx context.Context, tx pgx.Tx, why Cause, authority string, units []store.Unit) error {
	wanted, err := store.WantedOf(ctx, tx, authority, idsOf(units))
	if err != nil || len(wanted) == 0 {
		return err
	}
	var goes []store.Unit
	for _, u := range units {
		of := slices.DeleteFunc(slices.Clone(wanted), func(w store.Wanted) bool { return w.Unit != u.ID })
		step := stepOf(u, of)
		switch {
		case u.State == store.Disposed || u.Erased.Rule != "" && len(step.part) == 0:
		case len(step.part) > 0:
			said := events.ErasureOrdered{Erasure: step.order, Holder: u.Holder, Units: []uuid.UUID{u.ID}, Records: step.part}
			if err := d.Out.Append(ctx, tx, addressOf(u).draft(events.TypeErasureOrdered, "", said)); err != nil {
				return err
			}
		case step.whole:
			u.Erased = step.erased
			if err := store.SetErased(ctx, tx, u); err != nil {
				return err
			}
			goes = append(goes, u)
		}
	}
	if len(goes) == 0 {
		return nil
	}
	return d.UnitsAnew(ctx, tx, why, authority, goes)
}

// step is what is to be done about a unit: it goes whole, or records part from it first.
type step struct {
	order  uuid.UUID
	whole  bool
	part   []uuid.UUID
	erased store.Erased
}

// stepOf decides by what open orders say of a unit. Only notes part: whatever lies outside of cases is alone in its unit, and
// so is a note that has parted.
func stepOf(u store.Unit, of []store.Wanted) (s step) {
	var kept, single []uuid.UUID
	for _, w := range of {
		switch {
		case w.Kept != "":
			kept = append(kept, w.Record)
			continue
		case w.Scope == "record" && u.Kind == store.ShareUnit && !u.Alone:
			single = append(single, w.Record)
		default:
			s.whole = true
		}
		if s.order == uuid.Nil {
			s.order, s.erased = w.Erasure, w.Erased
		}
	}
	switch {
	case s.whole && u.Kind == store.ShareUnit && !u.Alone:
		s.part = unique(kept)
	case !s.whole:
		s.part = unique(single)
	}
	return s
}

func unique(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

// Kept is the requirement for which an order on a ground does not take a record, or "". category is "" where it is that of the
// unit.
func Kept(p *policy.Pack, g policy.Ground, u store.Unit, category string, deregisteredOn, today calendar.Date) string {
	facts := Facts(u.Kind, u.Facts, deregisteredOn)
	if category != "" {
		facts.Category = category
	}
	if rule := deadline.Kept(p, facts, today); rule != "" {
		return rule
	}
	if e, extensible := p.Extension(facts.Category); extensible && !u.ExtendedUntil.Before(today) && u.ReasonEndedOn.IsZero() {
		return e.Requirement // somebody needs it for a complaint (GDPR article 17.3 e)
	}
	return g.Refuses(facts.Category)
}

// Joined lets orders that want all of a unit take in a record that has come to it since, or leaves it out by rule.
func (d *Desk) Joined(ctx context.Context, tx pgx.Tx, why Cause, u store.Unit, records ...store.Filed) error {
	wanted, err := store.WantedOf(ctx, tx, u.Authority, []uuid.UUID{u.ID})
	if err != nil || len(wanted) == 0 {
		return err
	}
	pack, err := d.Pack(u.Authority)
	if err != nil {
		return err
	}
	persons, err := store.PersonsOf(ctx, tx, u.Authority, personsOf([]store.Unit{u}))
	if err != nil {
		return err
	}
	var rows []store.ErasureRecord
	for _, w := range wanted {
		if w.Kept != "" || w.Scope == "record" {
			continue
		}
		g, _ := pack.Erasure().Ground(w.Ground)
		for _, r := range records {
			kept := Kept(pack, g, u, r.Category, persons[u.Person].DeregisteredOn, pack.Today(why.At))
			rows = append(rows, store.ErasureRecord{Erasure: w.Erasure, Record: r.Record, Unit: u.ID, Kept: kept})
		}
	}
	if err := store.AddErasureRecords(ctx, tx, u.Authority, rows); err != nil {
		return err
	}
	return d.Pursue(ctx, tx, why, u.Authority, []store.Unit{u})
}

// Linked lets open orders to erase all that is somebody's take in contacts of which it has become known since whose they are.
func (d *Desk) Linked(ctx context.Context, tx pgx.Tx, why Cause, links []store.Link) error {
	if len(links) == 0 {
		return nil
	}
	late, err := store.LateLinks(ctx, tx, links)
	if err != nil {
		return err
	}
	for _, l := range late {
		u, known, err := store.LockUnit(ctx, tx, l.Authority, l.Unit)
		if err != nil {
			return err
		}
		if !known || u.State == store.Disposed {
			continue
		}
		pack, err := d.Pack(l.Authority)
		if err != nil {
			return err
		}
		g, _ := pack.Erasure().Ground(l.Ground)
		row := store.ErasureRecord{Erasure: l.Erasure, Record: l.Record, Unit: l.Unit, Kept: Kept(pack, g, u, "", calendar.Date{}, pack.Today(why.At))}
		if err := store.AddErasureRecords(ctx, tx, l.Authority, []store.ErasureRecord{row}); err != nil {
			return err
		}
		if err := d.Pursue(ctx, tx, why, l.Authority, []store.Unit{u}); err != nil {
			return err
		}
	}
	return nil
}

// erased is when a unit goes by an order, not before a day that a released hold set; ok is false where nobody has ordered it.
func erased(p *policy.Pack, u store.Unit) (d deadline.Due, ok bool) {
	if u.Erased.Rule == "" {
		return d, false
	}
	d = deadline.Due{Rule: u.Erased.Rule, Trigger: events.TriggerErasureOrdered, On: u.Erased.On, At: u.Erased.At, PolicyVersion: p.VersionOn(u.Erased.On)}
	if d.On.Before(u.NotBefore) {
		d.On, d.At = u.NotBefore, p.Midnight(u.NotBefore)
	}
	return d, true
}

// earlier is the one of two dates that comes first; an order stands behind a promise that was due already.
func earlier(a deadline.Due, aRuns bool, b deadline.Due, bRuns bool) (deadline.Due, bool) {
	if bRuns && (!aRuns || b.At.Before(a.At)) {
		return b, true
	}
	return a, aRuns
}

// CloseErased closes what is left of the cases of units that have gone by orders: nobody can close those any more.
func (d *Desk) CloseErased(ctx context.Context, tx pgx.Tx, authority string, disposed []uuid.UUID, at time.Time, event string) error {
	pack, err := d.Pack(authority)
	if err != nil {
		return nil // an authority that no pack knows has ordered nothing
	}
	persons, err := store.CloseErased(ctx, tx, authority, disposed, pack.Today(at))
	if err != nil {
		return err
	}
	for _, person := range persons {
		units, err := store.LockUnitsOfPerson(ctx, tx, authority, person)
		if err != nil {
			return err
		}
		if err := d.UnitsAnew(ctx, tx, Cause{Event: event, At: at}, authority, units); err != nil {
			return err
		}
	}
	return nil
}
