package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/services/case-linker/internal/lifetime"
	"gallra.se/services/case-linker/internal/store"
)

// Parting is a note that alone is held, erased or kept, ready to part from its units, so that the rest of them goes on time or
// stays (D6).
type Parting struct {
	authority string
	moves     []move
	alone     []store.Part // of those asked for, the parts that have a unit of their own already
}

// PartNote encrypts the parts of a note that go with these units anew, each under a key of its own. A record that is no
// note, such as a case's file, is what its unit is about: it cannot part, and is held with it.
func (d *Desk) PartNote(ctx context.Context, authority string, record uuid.UUID, units []uuid.UUID) (Parting, error) {
	p := Parting{authority: authority}
	pack, known := d.Rules.Packs.Pack(authority)
	parts, err := store.PartsOf(ctx, d.DB, authority, record)
	if err != nil || !known {
		return p, err
	}
	for _, from := range parts {
		_, alone, err := store.HeldAlone(ctx, d.DB, authority, from.Share, record)
		if err != nil {
			return p, err
		}
		if from.Intended || !slices.Contains(units, from.GoesWith()) {
			continue
		}
		if alone {
			p.alone = append(p.alone, from)
			continue
		}
		unit := &store.NoteUnit{Authority: authority, Unit: uuid.New(), Share: from.Share, Case: from.Case, Person: from.Person,
			Category: lifetime.EndsAs(pack, from.Category, from.CaseType), Note: &record, CaseType: from.CaseType}
		to, err := d.alone(ctx, from, unit)
		if is(err, "gone") {
			continue
		}
		if err != nil {
			return p, err
		}
		p.moves = append(p.moves, move{from, to})
	}
	return p, nil
}

// alone encrypts a part for a unit of its own.
func (d *Desk) alone(ctx context.Context, from store.Part, unit *store.NoteUnit) (placedPart, error) {
	to := placedPart{row: from.Note, unit: unit}
	note, err := readNote(ctx, d, from)
	if err != nil {
		return to, err
	}
	key, err := d.Keys.NewUnit(ctx, ref(unit.Authority, unit.Unit), keyring.Shared("notes"))
	if err != nil {
		return to, err
	}
	if err := d.bequeath(ctx, from, key); err != nil {
		return to, err
	}
	note.Salt, to.row.Unit, to.key = newSalt(), &unit.Unit, key.Number()
	to.row.Content, to.row.Commitment, err = seal(key, unit.Authority, from.Note.Note, from.Category, note)
	return to, err
}

// bequeath has a data backup of before read a part of a note for as long as it lives: under the key of the unit that it is
// going to, which dies with it, and no longer under that of the unit that it leaves.
func (d *Desk) bequeath(ctx context.Context, from store.Part, to *keyring.Unit) error {
	left, err := d.Keys.Unit(ctx, ref(from.Authority, from.GoesWith()))
	if err != nil {
		return err
	}
	aad := keyring.AAD{Authority: from.Authority, Record: from.Note.Note, Category: from.Category}
	return d.Keys.Bequeath(ctx, left, to, []keyring.Bequest{{AAD: aad, Box: from.Content}})
}

// KeepParted carries a parting out that a hold has asked for: the hold goes with the note. ErrMoved: the note has moved or is
// given up since; it is to be prepared anew.
func (d *Desk) KeepParted(ctx context.Context, tx pgx.Tx, hold uuid.UUID, p Parting) error {
	for _, m := range p.moves {
		if err := d.keepAlone(ctx, tx, m); err != nil {
			return err
		}
		if err := store.Hold(ctx, tx, p.authority, hold, []uuid.UUID{m.to.unit.Unit}); err != nil {
			return err
		}
	}
	return nil
}

// KeepErased carries a parting out that an order to erase has asked for. Of a part that has a unit of its own already that is
// said once more: who asks has not heard of it. ErrMoved as for KeepParted.
func (d *Desk) KeepErased(ctx context.Context, tx pgx.Tx, p Parting) error {
	for _, m := range p.moves {
		if err := d.keepAlone(ctx, tx, m); err != nil {
			return err
		}
		if err := store.InheritHolds(ctx, tx, p.authority, m.from.GoesWith(), m.to.unit.Unit); err != nil {
			return err
		}
	}
	for _, from := range p.alone {
		if err := d.Box.Append(ctx, tx, parted(from, from.GoesWith(), from.Category)); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) keepAlone(ctx context.Context, tx pgx.Tx, m move) error {
	authority, unit := m.from.Authority, m.to.unit
	if err := store.HoldPersons(ctx, tx, authority, []uuid.UUID{unit.Person}); err != nil {
		return err
	}
	if _, err := store.LockShares(ctx, tx, authority, []uuid.UUID{unit.Share}); err != nil {
		return err
	}
	if _, err := store.LockNoteUnits(ctx, tx, authority, []uuid.UUID{m.from.GoesWith()}); err != nil {
		return err
	}
	parts, err := store.PartsOf(ctx, tx, authority, m.from.Note.Note)
	if err != nil {
		return err
	}
	same := func(now store.Part) bool {
		return now.Share == m.from.Share && now.GoesWith() == m.from.GoesWith() && !now.Intended
	}
	if !slices.ContainsFunc(parts, same) {
		return ErrMoved
	}
	if err := keepUnit(ctx, tx, unit, m.to.key); err != nil {
		return err
	}
	if err := store.SetDue(ctx, tx, authority, unit.Unit, m.from.DueAt); err != nil {
		return err
	}
	if moved, err := store.MoveNote(ctx, tx, m.from.Share, m.to.row); err != nil || !moved {
		return orMoved(err)
	}
	if err := store.NoteParting(ctx, tx, authority, m.from.GoesWith()); err != nil {
		return err
	}
	fault.Point("casework.parted")
	return d.Box.Append(ctx, tx, parted(m.from, unit.Unit, unit.Category))
}

// parted says that a part of a note goes with a unit of its own.
func parted(from store.Part, unit uuid.UUID, category string) outbox.Draft {
	return outbox.Draft{Authority: from.Authority, Type: events.TypeCaseParted, Subject: from.Note.Note.String(), Key: from.Person.String(),
		Data: events.CaseRecordParted{Person: from.Person, Record: from.Note.Note, FromUnit: from.GoesWith(), Unit: unit, Case: from.Case, Category: category}}
}
