package casework

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/casefile"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/peers"
	"gallra.se/services/case-linker/internal/store"
)

// Taken is a note that an officer took, on its way to a case.
type Taken struct {
	Authority  string
	Note       uuid.UUID
	Contact    *uuid.UUID // the contact it was taken in, if any
	At         time.Time  // its own business time, UTC
	Number     string     // the case's number, as written
	Case       uuid.UUID  // or the case itself
	Text       string
	Author     string
	NationalID string // whom the contact was with, if known

	// Of a note that is written in a case directly:
	Category string            // "" is case.note
	About    []string          // whom it is about, by number or opaque id; none: all of the case
	Segments map[string]string // what is about one person only, by the same
	Share    uuid.UUID         // or the one share that it goes to
	Written
}

// Placed is a note that has found its place, ready to be stored: in a case, or (Reason) in none.
type Placed struct {
	Taken
	Reason   string // why it belongs to no case; "" when it does
	parts    []placedPart
	persons  []uuid.UUID // of the case
	file     uuid.UUID
	unlinked outbox.Draft
}

// placedPart is the part of a note that is about one person.
type placedPart struct {
	row   store.Note
	share store.Share
	unit  *store.NoteUnit // of its own, if it does not go with the share
	key   int             // number of the unit's key that it is encrypted under
}

// Persons are those whom Keep locks.
func (p Placed) Persons() []uuid.UUID { return p.persons }

// slot is where the note is counted: one taken in a contact comes as an event of the contact's partition.
func (p Placed) slot() store.Slot {
	if p.Contact == nil {
		return store.AnySlot()
	}
	return store.SlotOf(bus.Partition(p.Contact.String()))
}

// Place decides where a note belongs and encrypts it for there. A note belongs to its case if no closing decision
// counted at the note's own time. One for a case that is disposed of is refused and reported; one for an unknown or
// closed case goes back, sealed, to stay with its contact (D8).
func (d *Desk) Place(ctx context.Context, t Taken) (Placed, error) {
	if t.Category == "" {
		t.Category = store.CategoryNote
	}
	c, shares, reason, err := d.caseFor(ctx, t)
	if err != nil {
		return Placed{}, err
	}
	if reason != "" {
		return d.placeNowhere(ctx, t, reason)
	}
	p := Placed{Taken: t, persons: personsOf(shares), file: c.Case}
	p.parts, err = d.parts(ctx, t, c, shares)
	if is(err, "gone") {
		return d.placeNowhere(ctx, t, events.ReasonDisposedCase)
	}
	return p, err
}

// caseFor finds the case of a note and its living shares, or the reason why it has none.
func (d *Desk) caseFor(ctx context.Context, t Taken) (c store.Case, shares []store.Share, reason string, err error) {
	if t.Number != "" {
		c, shares, err = d.caseOf(ctx, t.Authority, t.Number)
	} else {
		c, shares, err = d.caseByID(ctx, t.Authority, t.Case)
	}
	switch {
	case is(err, "gone"):
		return c, nil, events.ReasonDisposedCase, nil
	case is(err, "unknown-case"):
		return c, nil, events.ReasonUnknownCase, nil
	case err != nil:
		return c, nil, "", err
	}
	if shares = d.living(shares); len(shares) == 0 {
		return c, nil, events.ReasonDisposedCase, nil
	}
	closings, err := store.Closings(ctx, d.DB, t.Authority, c.Case)
	if err == nil && !casefile.OpenAt(closings, t.At) {
		reason = events.ReasonClosedCase
	}
	return c, shares, reason, err
}

func (d *Desk) caseByID(ctx context.Context, authority string, id uuid.UUID) (store.Case, []store.Share, error) {
	c, found, err := store.FindCase(ctx, d.DB, authority, id)
	if err != nil {
		return c, nil, err
	}
	shares, err := store.SharesOfCase(ctx, d.DB, authority, id)
	if err != nil {
		return c, nil, err
	}
	_, hidden, err := d.hidden(ctx, authority, nil, []uuid.UUID{id})
	if err != nil || found && !hidden {
		return c, shares, err
	}
	left, err := store.Buried(ctx, d.DB, authority, id)
	switch {
	case err != nil:
		return store.Case{}, nil, err
	case hidden:
		return store.Case{}, nil, hiddenFrom{problem.New("unknown-case"), personsOf(shares)}
	case shown(ctx, left):
		return c, nil, problem.New("gone")
	}
	return c, nil, problem.New("unknown-case")
}

func is(err error, reason string) bool {
	return err != nil && problem.Refused(err) && problem.From(err).Reason == reason
}

// shareFor is the share of the person whom the contact was with; when that person has no part in the case, the officer's
// word that the note belongs there goes to its first share, in a recruitment to the case's own.
func (d *Desk) shareFor(ctx context.Context, t Taken, shares []store.Share) store.Share {
	if pack, ok := d.Rules.Packs.Pack(t.Authority); ok && t.NationalID != "" && len(shares) > 1 {
		if person, found := d.personWith(ctx, pack, t.NationalID, t.At); found {
			for _, s := range shares {
				if s.Person == person {
					return s
				}
			}
		}
	}
	if i := slices.IndexFunc(shares, func(s store.Share) bool { return s.Kind == store.OwnShare }); i > 0 {
		return shares[i]
	}
	return shares[0]
}

func (d *Desk) personWith(ctx context.Context, p *policy.Pack, number string, at time.Time) (uuid.UUID, bool) {
	id, err := line.Written(p, number, at)
	if err != nil {
		return uuid.Nil, false
	}
	person, found, err := d.Keys.Find(ctx, p.Authority, byNumber, []byte(id.Canonical()))
	return person, found && err == nil
}

// placeNowhere sends a note back to where it came from. What a disposed case was about is not sent anywhere.
func (d *Desk) placeNowhere(ctx context.Context, t Taken, reason string) (Placed, error) {
	p := Placed{Taken: t, Reason: reason}
	if t.Contact == nil {
		return p, nil
	}
	said := events.ContactUnlinked{Contact: *t.Contact, Note: t.Note, Reason: reason}
	if reason != events.ReasonDisposedCase {
		var err error
		said.Sealed, said.KeyID, err = d.Peers.Seal(ctx, peers.Intake, events.UnlinkedAAD(t.Authority, t.Note), []byte(t.Text))
		if err != nil {
			return p, err
		}
	}
	p.unlinked = outbox.Draft{Authority: t.Authority, Type: events.TypeContactUnlinked, Subject: t.Contact.String(),
		Key: t.Contact.String(), KeyID: said.KeyID, Data: said}
	return p, nil
}
