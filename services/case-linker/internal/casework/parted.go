package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/services/case-linker/internal/lifetime"
	"gallra.se/services/case-linker/internal/store"
)

// Parting is a note that alone is held, ready to part from its units, so that the rest of them goes on time (D6).
type Parting struct {
	authority string
	moves     []move
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
		if alone || from.Intended || !slices.Contains(units, from.GoesWith()) {
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
	note.Salt, to.row.Unit = newSalt(), &unit.Unit
	to.row.Content, to.row.Commitment, err = seal(key, unit.Authority, from.Note.Note, from.Category, note)
	return to, err
}

// KeepParted carries a parting out. ErrMoved: the note has moved or is given up since; it is to be prepared anew.
func (d *Desk) KeepParted(ctx context.Context, tx pgx.Tx, hold uuid.UUID, p Parting) error {
	var drafts []outbox.Draft
	for _, m := range p.moves {
		said, err := d.keepAlone(ctx, tx, hold, m)
		if err != nil {
			return err
		}
		drafts = append(drafts, said)
	}
	return d.Box.Append(ctx, tx, drafts...)
}

func (d *Desk) keepAlone(ctx context.Context, tx pgx.Tx, hold uuid.UUID, m move) (said outbox.Draft, err error) {
	authority, unit := m.from.Authority, m.to.unit
	if err := store.HoldPersons(ctx, tx, authority, []uuid.UUID{unit.Person}); err != nil {
		return said, err
	}
	if _, err := store.LockShares(ctx, tx, authority, []uuid.UUID{unit.Share}); err != nil {
		return said, err
	}
	if _, err := store.LockNoteUnits(ctx, tx, authority, []uuid.UUID{m.from.GoesWith()}); err != nil {
		return said, err
	}
	parts, err := store.PartsOf(ctx, tx, authority, m.from.Note.Note)
	if err != nil {
		return said, err
	}
	same := func(now store.Part) bool {
		return now.Share == m.from.Share && now.GoesWith() == m.from.GoesWith() && !now.Intended
	}
	if !slices.ContainsFunc(parts, same) {
		return said, ErrMoved
	}
	if err := keepUnit(ctx, tx, unit); err != nil {
		return said, err
	}
	if err := store.SetDue(ctx, tx, authority, unit.Unit, m.from.DueAt); err != nil {
		return said, err
	}
	if err := store.Hold(ctx, tx, authority, hold, []uuid.UUID{unit.Unit}); err != nil {
		return said, err
	}
	if moved, err := store.MoveNote(ctx, tx, m.from.Share, m.to.row); err != nil || !moved {
		return said, orMoved(err)
	}
	return outbox.Draft{Authority: authority, Type: events.TypeCaseParted, Subject: m.from.Note.Note.String(), Key: unit.Person.String(),
		Data: events.CaseRecordParted{Person: unit.Person, Record: m.from.Note.Note, FromUnit: m.from.GoesWith(), Unit: unit.Unit,
			Case: unit.Case, Category: unit.Category}}, nil
}
