package consume

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
)

// withPerson is a contact with somebody who said who they are.
type withPerson struct {
	contact uuid.UUID
	person  uuid.UUID // uuid.Nil: nobody who is registered
	told    bool      // by Together, in the present transaction
}

// findPerson opens who a contact was with and looks for them. It runs for every contact with somebody identified: one
// look-up by number, no key of the person, no lock.
func (e *Events) findPerson(ctx context.Context, ev bus.Event) (any, error) {
	said, err := identityIn(ev)
	if err != nil || len(said.sealed) == 0 {
		return &withPerson{}, err
	}
	who, err := opened[events.SealedIdentity](ctx, e.Desk.Keys, "identity", said.keyID, events.RecordedAAD(ev.Authority, said.contact), said.sealed)
	if err != nil {
		return nil, err
	}
	person, found, err := e.Desk.Whose(ctx, ev.Authority, who.NationalID)
	if err != nil || !found {
		return &withPerson{}, err
	}
	return &withPerson{contact: said.contact, person: person}, nil
}

// identity is who a contact is with, sealed.
type identity struct {
	contact uuid.UUID
	sealed  []byte
	keyID   string
}

// identityIn reads it from the event that first tells of a contact: of a recorded call, a complaint about one and a participant
// of a group that is before the contact has ended.
func identityIn(ev bus.Event) (identity, error) {
	var contact events.ContactRecorded
	var call events.RecordingStarted
	var complaint events.ComplaintOpened
	var joined events.GroupJoined
	switch ev.Type {
	case events.TypeRecordingStarted:
		err := ev.Into(&call)
		return identity{call.Contact, call.Sealed, call.KeyID}, err
	case events.TypeComplaintOpened:
		err := ev.Into(&complaint)
		return identity{complaint.Complaint, complaint.Sealed, complaint.KeyID}, err
	case events.TypeGroupJoined:
		err := ev.Into(&joined)
		return identity{joined.Participant, joined.Sealed, joined.KeyID}, err
	}
	err := ev.Into(&contact)
	return identity{contact.Contact, contact.Sealed, contact.KeyID}, err
}

// contactRecorded tells whose a contact is (AFC-03). Together has done it for all contacts of the transaction; alone it is
// done here. Somebody who is not registered is nobody's, now and later. A second delivery tells the same again, which changes
// nothing.
func (e *Events) contactRecorded(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	c := ev.Prepared.(*withPerson)
	if c.told || c.person == uuid.Nil {
		return nil
	}
	return e.Box.Append(ctx, tx, linked(ev.Authority, c))
}

// Together locks the persons whom the events of a transaction are about, and tells at once whose the contacts among them are:
// they come by the thousand.
func (e *Events) Together(ctx context.Context, tx pgx.Tx, said []bus.Event) error {
	var others []bus.Event
	var drafts []outbox.Draft
	for _, ev := range said {
		c, ok := ev.Prepared.(*withPerson)
		if !ok {
			others = append(others, ev)
			continue
		}
		if c.told = c.person != uuid.Nil; c.told {
			d := linked(ev.Authority, c)
			d.Trace = ev.Traceparent()
			drafts = append(drafts, d)
		}
	}
	if err := LockPersons(ctx, tx, others); err != nil {
		return err
	}
	return e.Box.Append(ctx, tx, drafts...)
}

func linked(authority string, c *withPerson) outbox.Draft {
	return outbox.Draft{Authority: authority, Type: events.TypeContactLinked, Subject: c.contact.String(), Key: c.contact.String(),
		Data: events.ContactLinked{Contact: c.contact, Person: c.person}}
}
