package rekey

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/services/case-linker/internal/store"
)

// atOnce bounds the notes that one transaction re-wraps.
const atOnce = 500

// errChanged says that somebody has written to the unit since its boxes were bequeathed: look again.
var errChanged = errors.New("the unit has changed")

// RewrapUnit puts all rows of a share, or of a unit of notes, under the unit's newest key. The number of that key is kept with
// the unit first: from then on nobody writes under an older one. It may be repeated, and taken up anywhere.
func (d *Desk) RewrapUnit(ctx context.Context, ref keyring.UnitRef) error {
	key, err := d.Keys.Unit(ctx, ref)
	if err != nil {
		return err
	}
	records := []uuid.UUID{ref.ID}
	if err := d.file(ctx, ref, key); err != nil {
		return err
	}
	for after := uuid.Nil; ; {
		notes, err := d.notes(ctx, ref, key, after)
		switch {
		case errors.Is(err, errChanged) && ctx.Err() == nil:
			continue
		case err != nil:
			return err
		case len(notes) == 0:
			return d.Keys.Disinherit(ctx, ref, records)
		}
		for _, n := range notes {
			records = append(records, n.Note)
		}
		after = notes[len(notes)-1].Note
	}
}

// file re-wraps what a share is about, and from then on nobody writes under an older key.
func (d *Desk) file(ctx context.Context, ref keyring.UnitRef, key *keyring.Unit) error {
	aad := keyring.AAD{Authority: ref.Authority, Record: ref.ID, Category: store.CategoryFile}
	share, found, err := store.FindShare(ctx, d.DB, ref.Authority, ref.ID)
	if err != nil {
		return err
	}
	if _, err := key.Rewrap(aad, share.Content); found && err == nil {
		if err := d.Keys.Bequeath(ctx, key, key, []keyring.Bequest{{AAD: aad, Box: share.Content}}); err != nil {
			return err
		}
	}
	return pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		share, found, err := locked(ctx, tx, ref)
		if err != nil {
			return err
		}
		if err := store.SetKeyNumber(ctx, tx, ref.Authority, ref.ID, key.Number()); err != nil || !found {
			return err
		}
		box, err := rewrapped(key, aad, share.Content)
		if err != nil {
			return err
		}
		return store.SetShareContent(ctx, tx, ref.Authority, ref.ID, box)
	})
}

// locked locks the unit as everybody does who writes to it: its person, its share, itself. found is false where it is no share.
func locked(ctx context.Context, tx pgx.Tx, ref keyring.UnitRef) (share store.Share, found bool, err error) {
	persons, shares, err := store.Concerned(ctx, tx, ref.Authority, []uuid.UUID{ref.ID})
	if err != nil {
		return share, false, err
	}
	if err := store.HoldPersons(ctx, tx, ref.Authority, persons); err != nil {
		return share, false, err
	}
	all, err := store.LockShares(ctx, tx, ref.Authority, shares)
	if err != nil {
		return share, false, err
	}
	share, found = all[ref.ID]
	_, err = store.LockNoteUnits(ctx, tx, ref.Authority, []uuid.UUID{ref.ID})
	return share, found, err
}

// notes re-wraps the next notes and returns them; none where there are no more. A note that more persons share has a row under
// each one's unit, and one row only under this.
func (d *Desk) notes(ctx context.Context, ref keyring.UnitRef, key *keyring.Unit, after uuid.UUID) ([]store.Note, error) {
	seen, err := store.NotesUnder(ctx, d.DB, ref.Authority, ref.ID, after, atOnce)
	if err != nil || len(seen) == 0 {
		return nil, err
	}
	var bequests []keyring.Bequest
	for _, n := range seen {
		if _, err := key.Rewrap(aadOf(n), n.Content); err == nil {
			bequests = append(bequests, keyring.Bequest{AAD: aadOf(n), Box: n.Content})
		}
	}
	if err := d.Keys.Bequeath(ctx, key, key, bequests); err != nil {
		return nil, err
	}
	return seen, pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		if _, _, err := locked(ctx, tx, ref); err != nil {
			return err
		}
		notes, err := store.NotesUnder(ctx, tx, ref.Authority, ref.ID, after, atOnce)
		if err != nil {
			return err
		}
		same := func(a, b store.Note) bool { return a.Note == b.Note && bytes.Equal(a.Content, b.Content) }
		if !slices.EqualFunc(seen, notes, same) {
			return errChanged
		}
		for i := range notes {
			if notes[i].Content, err = rewrapped(key, aadOf(notes[i]), notes[i].Content); err != nil {
				return err
			}
		}
		return store.SetNoteContents(ctx, tx, notes)
	})
}

// rewrapped is a box under the newest key. One that neither key opens comes out of a data backup and is of a record that is gone:
// it stays as it is, and the old key takes nothing with it.
func rewrapped(key *keyring.Unit, aad keyring.AAD, box []byte) ([]byte, error) {
	fresh, err := key.Rewrap(aad, box)
	if errors.Is(err, keyring.ErrBox) {
		return box, nil
	}
	return fresh, err
}

func aadOf(n store.Note) keyring.AAD {
	return keyring.AAD{Authority: n.Authority, Record: n.Note, Category: n.Category}
}
