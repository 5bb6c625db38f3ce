package consume

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/keyring"
	"gallra.se/libs/seal"
	"gallra.se/services/case-linker/internal/casework"
)

// openNote opens a sealed note and finds its place.
func (e *Events) openNote(ctx context.Context, ev bus.Event) (any, error) {
	var said events.ContactNoted
	if err := ev.Into(&said); err != nil {
		return nil, err
	}
	plain, err := e.Desk.Keys.OpenSealed(ctx, said.KeyID, events.NotedAAD(ev.Authority, said.Note), said.Sealed)
	if errors.Is(err, keyring.ErrDestroyed) || errors.Is(err, keyring.ErrUnknown) || errors.Is(err, keyring.ErrBox) || errors.Is(err, seal.ErrBox) {
		return nil, bus.Refuse(errors.New("the sealed note does not open"))
	}
	if err != nil {
		return nil, err
	}
	var note events.SealedNote
	if json.Unmarshal(plain, &note) != nil {
		return nil, bus.Refuse(errors.New("the sealed note is not what was promised"))
	}
	ctx = bearer.With(ctx, author(ev.Authority, note))
	return e.Desk.Place(ctx, casework.Taken{Authority: ev.Authority, Note: said.Note, Contact: &said.Contact, At: said.NotedAt.UTC(),
		Number: note.Case, Text: note.Text, Author: note.Author, NationalID: note.NationalID})
}

// author is who wrote a note, as far as it matters to where it may go: whoever is not appointed finds no case of a protected
// person (AFG-10).
func author(authority string, note events.SealedNote) bearer.Claims {
	c := bearer.Claims{Authority: authority, Name: note.Author, Appointed: note.Appointed}
	if note.Appointed {
		c.Roles = []string{"protected-officer"}
	}
	return c
}

// contactNoted stores a relevant note in its case (AFC-08). A second delivery finds the note there; a late one is judged
// by the note's own time; one after the case's disposal is reported and stored nowhere.
func (e *Events) contactNoted(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	return e.Desk.Keep(ctx, tx, ev.Prepared.(casework.Placed))
}
