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

// unlinked is a note that came back, encrypted for the contact that it is to be
// kept with.
type unlinked struct {
	events.ContactUnlinked
	unit uuid.UUID // the contact's; none where there is no contact
	gone bool      // the unit's key is destroyed
	box  []byte    // nil where there is no note to keep
}

// unlinked opens the note and encrypts it under the contact's own key.
func (p *Preparer) unlinked(ctx context.Context, ev bus.Event) (any, error) {
	var u unlinked
	if err := ev.Into(&u.ContactUnlinked); err != nil {
		return nil, err
	}
	id, found, err := store.FindUnit(ctx, p.DB, ev.Authority, u.Contact)
	if err != nil || !found {
		return u, err
	}
	unit, err := p.Keys.Unit(ctx, keyring.UnitRef{Authority: ev.Authority, ID: id})
	if errors.Is(err, keyring.ErrDestroyed) {
		u.gone = true
		return u, nil
	}
	if err != nil {
		return nil, err
	}
	u.unit = id
	u.box, err = p.reseal(ctx, unit, u.ContactUnlinked)
	return u, err
}

func (p *Preparer) reseal(ctx context.Context, unit *keyring.Unit, e events.ContactUnlinked) ([]byte, error) {
	if len(e.Sealed) == 0 {
		return nil, nil
	}
	note, err := p.Keys.OpenSealed(ctx, e.KeyID, events.UnlinkedAAD(unit.Ref.Authority, e.Note), e.Sealed)
	if errors.Is(err, keyring.ErrBox) || errors.Is(err, keyring.ErrDestroyed) {
		return nil, bus.Refuse(fmt.Errorf("open unlinked note %s: transport key %s does not open it", e.Note, e.KeyID))
	}
	if err != nil {
		return nil, err
	}
	defer clear(note)
	return vault.PutNote(unit, e.Contact, note)
}

// errMoved has the event prepared again.
var errMoved = errors.New("the contact has another unit than the note was encrypted for")

// onContactUnlinked keeps a note that has no case to go to with its contact,
// under the contact's key: it dies with it. Of a disposed case the note is not
// kept, only that it came. A second delivery writes the same again. If the
// contact is gone, or about to be, so is the note.
func (c *Consumer) onContactUnlinked(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	u := ev.Prepared.(unlinked)
	unit, found, err := store.LockUnit(ctx, tx, ev.Authority, u.Contact)
	switch {
	case err != nil || !found:
		return err
	case u.gone:
		return nil // the row is all that is left of it, and goes too
	case u.unit != unit:
		return errMoved
	}
	return store.KeepUnlinked(ctx, tx, ev.Authority, u.Contact, u.box, u.Reason)
}

// AAD is what the box of an event is bound to that case-linker seals to intake.
func AAD(ev bus.Event) (aad []byte, ok bool) {
	var said events.ContactUnlinked
	if ev.Type != events.TypeContactUnlinked || ev.Into(&said) != nil {
		return nil, false
	}
	return events.UnlinkedAAD(ev.Authority, said.Note), true
}
