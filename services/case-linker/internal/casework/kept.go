package casework

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/services/case-linker/internal/casefile"
	"gallra.se/services/case-linker/internal/store"
)

// ErrMoved says that the facts changed between Place and Keep: place it again.
var ErrMoved = errors.New("the case has changed since the note was placed")

// Keep stores a placed note in a transaction, or reports it as unlinked. A note that is there, or was, is not stored again.
func (d *Desk) Keep(ctx context.Context, tx pgx.Tx, p Placed) error {
	if p.Reason != "" {
		if err := count(ctx, tx, p.Authority, p.slot(), "unlinked/"+p.Reason); err != nil {
			return err
		}
		if p.Contact == nil {
			return nil
		}
		return d.Box.Append(ctx, tx, p.unlinked)
	}
	if err := d.stillOpen(ctx, tx, p); err != nil {
		return err
	}
	if again, err := store.HasNote(ctx, tx, p.Authority, p.Note); err != nil || again {
		return err
	}
	var drafts []outbox.Draft
	for _, placed := range p.parts {
		// Each part lives and goes by itself, and has a receipt of its own.
		if err := count(ctx, tx, p.Authority, p.slot(), "stored/"+p.Category); err != nil {
			return err
		}
		said, err := d.keepPart(ctx, tx, p, placed)
		if err != nil {
			return err
		}
		drafts = append(drafts, said)
	}
	if p.Contact != nil {
		drafts = append(drafts, outbox.Draft{Authority: p.Authority, Type: events.TypeContactLinked, Subject: p.Contact.String(), Key: p.Contact.String(),
			Data: events.ContactLinked{Contact: *p.Contact, Case: &p.file, Person: p.parts[0].share.Person, Note: &p.Note}})
	}
	return d.Box.Append(ctx, tx, drafts...)
}

// keepPart stores a part, with its unit if it is the first there.
func (d *Desk) keepPart(ctx context.Context, tx pgx.Tx, p Placed, placed placedPart) (outbox.Draft, error) {
	if err := keepUnit(ctx, tx, placed.unit, placed.key); err != nil {
		return outbox.Draft{}, err
	}
	if _, err := store.InsertNote(ctx, tx, placed.row); err != nil {
		return outbox.Draft{}, err
	}
	return outbox.Draft{Authority: p.Authority, Type: events.TypeCaseNoted, Subject: p.Note.String(), Key: placed.share.Person.String(),
		Data: events.CaseNoted{Person: placed.share.Person, Case: p.file, Share: placed.share.Share, Note: p.Note, Contact: p.Contact, NotedAt: p.At,
			Unit: placed.row.Unit, Category: placed.row.Category}}, nil
}

// stillOpen says ErrMoved when the case, or a share that the note was encrypted for, or its key, has changed since it was placed.
func (d *Desk) stillOpen(ctx context.Context, tx pgx.Tx, p Placed) error {
	_, shares, err := d.lockCase(ctx, tx, p.Authority, p.file)
	if is(err, "gone") {
		return ErrMoved
	}
	if err != nil {
		return err
	}
	for _, placed := range p.parts {
		if !placed.fits(shares) {
			return ErrMoved
		}
	}
	closings, err := store.Closings(ctx, tx, p.Authority, p.file)
	if err == nil && !casefile.OpenAt(closings, p.At) {
		err = ErrMoved
	}
	return err
}
