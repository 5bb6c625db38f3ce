package consume

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/keyring"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/vault"
)

// onContactUnlinked keeps a note that has no case to go to with its contact,
// under the contact's key: it dies with it. Of a disposed case the note is not
// kept, only that it came. If the contact is gone, so is the note.
func (c *Consumer) onContactUnlinked(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e events.ContactUnlinked
	if err := ev.Into(&e); err != nil {
		return err
	}
	unit, _, found, err := store.UnitOf(ctx, tx, ev.Authority, e.Contact)
	if err != nil || !found {
		return err
	}
	box, err := c.reseal(ctx, ev.Authority, unit, e)
	if errors.Is(err, keyring.ErrDestroyed) {
		return nil
	}
	if err != nil {
		return err
	}
	return store.KeepUnlinked(ctx, tx, ev.Authority, e.Contact, box, e.Reason)
}

func (c *Consumer) reseal(ctx context.Context, authority string, id uuid.UUID, e events.ContactUnlinked) ([]byte, error) {
	if len(e.Sealed) == 0 {
		return nil, nil
	}
	unit, err := c.Keys.Unit(ctx, keyring.UnitRef{Authority: authority, ID: id})
	if err != nil {
		return nil, err
	}
	note, err := c.Keys.OpenSealed(ctx, e.KeyID, events.UnlinkedAAD(authority, e.Note), e.Sealed)
	if errors.Is(err, keyring.ErrBox) || errors.Is(err, keyring.ErrDestroyed) {
		return nil, bus.Refuse(fmt.Errorf("open unlinked note %s: transport key %s does not open it", e.Note, e.KeyID))
	}
	if err != nil {
		return nil, err
	}
	defer clear(note)
	return vault.PutNote(unit, e.Contact, note)
}
