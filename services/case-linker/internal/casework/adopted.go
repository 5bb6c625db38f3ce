package casework

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/part"
	"gallra.se/services/case-linker/internal/store"
)

// Adoption takes a note of another case into one that is open, because it is relevant there: the only way in which a
// record of an old case outlives it (requirements 3.4).
type Adoption struct {
	Authority string
	Record    uuid.UUID // the note
	Into      uuid.UUID // the case
	Reason    string    // kept with the note, under its key
}

// Adopt carries an adoption out; again is true when the note lies in the case already.
func (d *Desk) Adopt(ctx context.Context, a Adoption) (again bool, err error) {
	for {
		moves, again, err := d.moves(ctx, a)
		if err != nil || again {
			return again, err
		}
		err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return d.move(ctx, tx, a, moves) })
		if errors.Is(err, ErrMoved) && ctx.Err() == nil {
			continue
		}
		if err == nil {
			d.Box.Committed()
		}
		return false, err
	}
}

// move is a part of a note on its way from one share to another.
type move struct {
	from store.Part
	to   placedPart
}

// moves opens the living parts of a note and encrypts each anew for the same person's share of the case. Each gets a new
// salt: what the old key still opens in old copies says nothing about the receipt to come.
func (d *Desk) moves(ctx context.Context, a Adoption) (moves []move, again bool, err error) {
	parts, err := d.elsewhere(ctx, d.DB, a)
	if err != nil {
		return nil, false, err
	}
	c, shares, err := d.caseByID(ctx, a.Authority, a.Into)
	switch {
	case is(err, "unknown-case"):
		return nil, false, problem.New("not-found")
	case err != nil:
		return nil, false, err
	case len(d.living(shares)) == 0:
		return nil, false, problem.New("gone")
	case len(parts) == 0:
		return nil, true, nil
	case !c.ClosedOn.IsZero():
		return nil, false, problem.New("conflict")
	}
	shares = d.living(shares)
	all, err := d.parties(ctx, shares)
	if err != nil {
		return nil, false, err
	}
	for _, from := range parts {
		i := slices.IndexFunc(shares, func(s store.Share) bool { return s.Person == from.Person })
		if i < 0 {
			return nil, false, problem.OnField("invalid-field", "record") // about somebody who has no part in the case
		}
		note, err := readNote(ctx, d, from)
		if err != nil {
			return nil, false, err
		}
		note.Salt, note.Reason = newSalt(), reasonFor(shares[i], a.Reason, all)
		t := Taken{Authority: a.Authority, Note: a.Record, Contact: from.Contact, At: from.NotedAt, Category: from.Category}
		to, err := d.partFor(ctx, t, c, shares[i], note)
		if err != nil {
			return nil, false, err
		}
		key, err := d.livingKey(ctx, a.Authority, to.row.GoesWith())
		if err != nil {
			return nil, false, err
		}
		if err := d.bequeath(ctx, from, key); err != nil {
			return nil, false, err
		}
		moves = append(moves, move{from, to})
	}
	return moves, false, nil
}

// reasonFor is the reason as the part of one person has it: nobody else's name lies under that person's key.
func reasonFor(s store.Share, reason string, all []party) string {
	own, persons := 0, make([]part.Person, len(all))
	for i, who := range all {
		if persons[i] = who.Person; who.Share.Share == s.Share {
			own = who.Number
		}
	}
	return part.Alone(reason, own, persons)
}

// elsewhere are the living parts of a note that do not lie in the case yet.
func (d *Desk) elsewhere(ctx context.Context, db store.DB, a Adoption) ([]store.Part, error) {
	parts, _, err := d.partsOf(ctx, db, a.Authority, a.Record)
	if err != nil {
		return nil, err
	}
	if len(parts) == 0 {
		return nil, d.missing(ctx, a.Authority, a.Record)
	}
	parts = slices.DeleteFunc(parts, func(p store.Part) bool { return d.over(p.DueAt, p.Intended, p.Held) })
	if len(parts) == 0 {
		return nil, problem.New("gone")
	}
	return slices.DeleteFunc(parts, func(p store.Part) bool { return p.Case == a.Into }), nil
}

// move locks the persons, both cases and all their shares, looks at the facts again and moves the note.
func (d *Desk) move(ctx context.Context, tx pgx.Tx, a Adoption, all []move) error {
	if err := d.lockMove(ctx, tx, a, all); err != nil {
		return err
	}
	now, err := d.elsewhere(ctx, tx, a)
	if is(err, "gone") || err == nil && len(now) != len(all) {
		return ErrMoved
	}
	if err != nil {
		return err
	}
	var drafts []outbox.Draft
	for i, m := range all {
		if now[i].GoesWith() != m.from.GoesWith() {
			return ErrMoved
		}
		if err := keepUnit(ctx, tx, m.to.unit, m.to.key); err != nil {
			return err
		}
		moved, err := store.MoveNote(ctx, tx, m.from.Share, m.to.row)
		if err != nil || !moved {
			return orMoved(err)
		}
		if err := store.NoteParting(ctx, tx, a.Authority, m.from.GoesWith()); err != nil {
			return err
		}
		drafts = append(drafts, outbox.Draft{Authority: a.Authority, Type: events.TypeCaseAdopted, Subject: a.Record.String(), Key: m.from.Person.String(),
			Data: events.CaseRecordAdopted{Person: m.from.Person, Record: a.Record, FromUnit: m.from.GoesWith(), Unit: m.to.row.GoesWith(),
				Case: a.Into, Category: m.from.Category}})
	}
	return d.Box.Append(ctx, tx, drafts...)
}

// lockMove locks in the order of everybody who decides about cases: persons, shares, cases, units of notes.
func (d *Desk) lockMove(ctx context.Context, tx pgx.Tx, a Adoption, all []move) error {
	cases := []uuid.UUID{a.Into}
	var persons, units []uuid.UUID
	for _, m := range all {
		persons, cases, units = append(persons, m.from.Person), append(cases, m.from.Case), append(units, m.from.GoesWith())
	}
	if err := store.HoldPersons(ctx, tx, a.Authority, persons); err != nil {
		return err
	}
	slices.SortFunc(cases, func(x, y uuid.UUID) int { return bytes.Compare(x[:], y[:]) })
	cases = slices.Compact(cases)
	for _, id := range cases {
		shares, err := store.LockSharesOfCase(ctx, tx, a.Authority, id)
		if err != nil {
			return err
		}
		if id == a.Into && slices.ContainsFunc(all, func(m move) bool { return !m.to.fits(d.living(shares)) }) {
			return ErrMoved
		}
	}
	for _, id := range cases {
		c, found, err := store.LockCase(ctx, tx, a.Authority, id)
		if err != nil {
			return err
		}
		if id == a.Into && (!found || !c.ClosedOn.IsZero()) {
			return ErrMoved
		}
	}
	_, err := store.LockNoteUnits(ctx, tx, a.Authority, units)
	return err
}

func holds(shares []store.Share, id uuid.UUID) bool {
	return slices.ContainsFunc(shares, func(s store.Share) bool { return s.Share == id })
}

// fits says whether a part may still be stored for its share: it is one of these, locked, and has had no newer key since.
func (p placedPart) fits(shares []store.Share) bool {
	return slices.ContainsFunc(shares, func(s store.Share) bool {
		return s.Share == p.share.Share && (p.unit != nil || s.KeyNumber <= p.key)
	})
}

func orMoved(err error) error {
	if err != nil {
		return err
	}
	return ErrMoved
}
