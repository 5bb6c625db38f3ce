package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/services/case-linker/internal/casework"
)

// openNote opens a sealed note and finds its place.
func (e *Events) openNote(ctx context.Context, ev bus.Event) (any, error) {
	var said events.ContactNoted
	if err := ev.Into(&said); err != nil {
		return nil, err
	}
	note, err := opened[events.SealedNote](ctx, e.Desk.Keys, "note", said.KeyID, events.NotedAAD(ev.Authority, said.Note), said.Sealed)
	if err != nil {
		return nil, err
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
