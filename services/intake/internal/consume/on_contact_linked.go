package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/intake/internal/store"
)

// linking is a link that was written with the others of its transaction.
type linking struct{ done bool }

// onContactLinked notes about whom the contact is, and the case in which its note
// lies if it has one. A second delivery changes nothing; one for a contact that is
// gone leaves nothing.
func (c *Consumer) onContactLinked(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	if l, ok := ev.Prepared.(*linking); ok && l.done {
		return nil
	}
	link, err := linkOf(ev)
	if err != nil {
		return err
	}
	return store.AddLinks(ctx, tx, link)
}

func linkOf(ev bus.Event) (store.Link, error) {
	var e events.ContactLinked
	err := ev.Into(&e)
	l := store.Link{Authority: ev.Authority, Contact: e.Contact, Person: e.Person}
	if e.Case != nil {
		l.Case = *e.Case
	}
	return l, err
}

// Together writes all links of a transaction in one statement: they come by the
// thousand. What cannot be read is left to its handler, which refuses it. It is
// called anew for each attempt.
func Together(ctx context.Context, tx pgx.Tx, said []bus.Event) error {
	var links []store.Link
	seen := map[uuid.UUID]bool{}
	for _, ev := range said {
		l, ok := ev.Prepared.(*linking)
		if !ok {
			continue
		}
		link, err := linkOf(ev)
		// Of two links of one contact a statement would write one.
		if l.done = err == nil && !seen[link.Contact]; l.done {
			seen[link.Contact] = true
			links = append(links, link)
		}
	}
	return store.AddLinks(ctx, tx, links...)
}
