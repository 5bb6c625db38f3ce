package consume

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// linking is a link that was written with the others of its transaction.
type linking struct{ done bool }

// contactLinked notes whose a contact is, which hides it with its person and moves no date, but by an order to erase all that
// is the person's. A second delivery changes nothing;
// one after the contact's disposal leaves nothing.
func (d Desk) contactLinked(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	if l, ok := ev.Prepared.(*linking); ok && l.done {
		return nil
	}
	link, err := linkOf(ev)
	if err != nil {
		return err
	}
	return d.link(ctx, tx, because(ev), link)
}

// link notes whose contacts are, and has an order to erase all that is somebody's take in those that it had not known of.
func (d Desk) link(ctx context.Context, tx pgx.Tx, why schedule.Cause, links ...store.Link) error {
	if err := store.AddLinks(ctx, tx, links...); err != nil {
		return err
	}
	return d.Linked(ctx, tx, why, links)
}

func linkOf(ev bus.Event) (store.Link, error) {
	var said events.ContactLinked
	err := ev.Into(&said)
	return store.Link{Authority: ev.Authority, Record: said.Contact, Person: said.Person}, err
}

// links writes all links of a transaction at once. What cannot be read is left to its handler.
func (d Desk) links(ctx context.Context, tx pgx.Tx, said []bus.Event) error {
	var links []store.Link
	var why schedule.Cause
	for _, ev := range said {
		l, ok := ev.Prepared.(*linking)
		if !ok {
			continue
		}
		link, err := linkOf(ev)
		if l.done = err == nil; l.done {
			links, why = append(links, link), because(ev)
		}
	}
	return d.link(ctx, tx, why, links...)
}
