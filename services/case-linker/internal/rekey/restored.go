package rekey

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/services/case-linker/internal/store"
)

// Restored brings rows that come from a data backup under the keys of today: a unit may have had a new one since, and what
// lives is read by what was bequeathed. A note whose box opens no more, and which the log's words (package restored) call
// destroyed, had parted from the unit and gone by itself: it is dropped. One that they do not know of is left as it is. It may be
// repeated.
func (d *Desk) Restored(ctx context.Context) error {
	if d == nil {
		return nil
	}
	for after := (store.Renewable{}); ; {
		units, err := store.Renewables(ctx, d.DB, after, atOnce)
		if err != nil || len(units) == 0 {
			return err
		}
		refs := make([]keyring.UnitRef, len(units))
		for i, u := range units {
			refs[i] = keyring.UnitRef{Authority: u.Authority, ID: u.Unit}
		}
		keys, err := d.Keys.Units(ctx, refs)
		if err != nil {
			return err
		}
		for i, u := range units {
			if key := keys[refs[i]]; key != nil && u.KeyNumber < key.Number() {
				if err := d.inherit(ctx, key); err != nil {
					return fmt.Errorf("re-wrap restored unit %s: %w", u.Unit, err)
				}
			}
		}
		after = units[len(units)-1]
	}
}

// inherit puts what lives of a restored unit under its newest key. Nothing else writes yet.
func (d *Desk) inherit(ctx context.Context, key *keyring.Unit) error {
	ref := key.Ref
	share, found, err := store.FindShare(ctx, d.DB, ref.Authority, ref.ID)
	if err != nil {
		return err
	}
	if found {
		aad := keyring.AAD{Authority: ref.Authority, Record: ref.ID, Category: store.CategoryFile}
		if share.Content, _, err = d.alive(ctx, key, aad, share.Content); err != nil {
			return err
		}
	}
	for after := uuid.Nil; ; {
		notes, err := store.NotesUnder(ctx, d.DB, ref.Authority, ref.ID, after, atOnce)
		if err != nil {
			return err
		}
		if len(notes) == 0 {
			break
		}
		var lost []store.Note
		for i := range notes {
			fresh, alive, err := d.alive(ctx, key, aadOf(notes[i]), notes[i].Content)
			if err != nil {
				return err
			}
			if notes[i].Content = fresh; !alive {
				lost = append(lost, notes[i])
			}
		}
		err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
			if err := store.SetNoteContents(ctx, tx, notes); err != nil {
				return err
			}
			return store.DropDestroyed(ctx, tx, lost)
		})
		if err != nil {
			return err
		}
		after = notes[len(notes)-1].Note
	}
	return pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		if found {
			if err := store.SetShareContent(ctx, tx, ref.Authority, ref.ID, share.Content); err != nil {
				return err
			}
		}
		return store.SetKeyNumber(ctx, tx, ref.Authority, ref.ID, key.Number())
	})
}

// alive is a box under the newest key, or as it was where its record is gone.
func (d *Desk) alive(ctx context.Context, key *keyring.Unit, aad keyring.AAD, box []byte) (fresh []byte, alive bool, err error) {
	fresh, err = d.Keys.Inherit(ctx, key, aad, box)
	switch {
	case errors.Is(err, keyring.ErrBox), errors.Is(err, keyring.ErrDestroyed), errors.Is(err, keyring.ErrUnknown):
		return box, false, nil
	case err != nil:
		return nil, false, err
	}
	return fresh, true, nil
}
