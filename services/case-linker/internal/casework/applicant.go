package casework

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/nationalid"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// Applicant is somebody who takes part in a recruitment (AFG-39), or represents somebody in a case about an organisation.
// Nobody is registered by that: the share holds the only copy of name and number, and no look-up leads from the number to it.
type Applicant struct {
	Authority, NationalID, Name string
	Case                        uuid.UUID
	Application                 *Application // the paper that comes with it, if it is to be a record of its own
}

// Applied names an applicant's part of a case, and the paper that came with it.
type Applied struct {
	Person uuid.UUID `json:"person"`
	Share  uuid.UUID `json:"share"`
	Paper  uuid.UUID `json:"id,omitzero"`
}

// Apply adds an applicant to a recruitment; again is true when that number takes part in it already.
func (d *Desk) Apply(ctx context.Context, a Applicant) (Applied, bool, error) {
	pack, known := d.Rules.Packs.Pack(a.Authority)
	if !known {
		return Applied{}, false, problem.New("not-found")
	}
	id, err := line.Number(pack, a.NationalID, d.Clock.Now(), d.Rules.Simulated)
	if err != nil {
		return Applied{}, false, err
	}
	for {
		done, again, err := d.applyOnce(ctx, pack, a, id)
		if errors.Is(err, errQuicker) && ctx.Err() == nil {
			continue
		}
		return done, again, err
	}
}

func (d *Desk) applyOnce(ctx context.Context, pack *policy.Pack, a Applicant, id nationalid.ID) (Applied, bool, error) {
	c, own, err := d.beginning(ctx, a.Authority, a.Case)
	if err != nil {
		return Applied{}, false, err
	}
	if err := d.noJobSeeker(ctx, pack, c.Type, id); err != nil {
		return Applied{}, false, err
	}
	file, mac, err := d.numberIn(ctx, own, id)
	if err != nil {
		return Applied{}, false, err
	}
	earlier, found, err := store.ApplicantShare(ctx, d.DB, a.Authority, a.Case, mac)
	if err != nil {
		return Applied{}, false, err
	}
	if found {
		return d.appliedBefore(ctx, a, earlier)
	}
	s := store.Share{Authority: a.Authority, Share: uuid.New(), Case: c.Case, Person: uuid.New(), Kind: kindIn(pack, c.Type), NumberMAC: mac}
	if _, err := d.newShare(ctx, &s, File{Salt: newSalt(), Number: file.Number, NationalID: id.Canonical(), Name: a.Name}); err != nil {
		return Applied{}, false, err
	}
	paper, placed, err := d.application(ctx, a, c, s)
	if err != nil {
		return Applied{}, false, err
	}
	err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return d.apply(ctx, tx, pack, s, placed) })
	if err != nil {
		return Applied{}, false, err
	}
	d.Box.Committed()
	return Applied{s.Person, s.Share, paper}, false, nil
}

// beginning finds a case that somebody may join, and the share of its own that it began with.
func (d *Desk) beginning(ctx context.Context, authority string, id uuid.UUID) (c store.Case, own store.Share, err error) {
	c, shares, err := d.caseByID(ctx, authority, id)
	if is(err, "unknown-case") {
		err = notFound(err)
	}
	if err != nil {
		return c, own, err
	}
	if shares = d.living(shares); len(shares) == 0 {
		return c, own, problem.New("gone")
	}
	i := slices.IndexFunc(shares, func(s store.Share) bool { return s.Kind == store.OwnShare })
	if i < 0 {
		return c, own, problem.New("conflict") // nobody joins such a case
	}
	return c, shares[i], nil
}

// numberIn opens the own share of a case, whose key tells one number from another in it and dies with it.
func (d *Desk) numberIn(ctx context.Context, own store.Share, id nationalid.ID) (file File, mac []byte, err error) {
	key, err := d.livingKey(ctx, own.Authority, own.Share)
	if err != nil {
		return file, nil, err
	}
	file, err = open[File](key, own.Authority, own.Share, store.CategoryFile, own.Content)
	return file, key.MAC("applicant", []byte(id.Canonical())), err
}

func (d *Desk) apply(ctx context.Context, tx pgx.Tx, pack *policy.Pack, s store.Share, paper *Placed) error {
	c, _, err := d.lockCase(ctx, tx, s.Authority, s.Case)
	if err != nil {
		return err
	}
	_, found, err := store.ApplicantShare(ctx, tx, s.Authority, s.Case, s.NumberMAC)
	switch {
	case err != nil:
		return err
	case found:
		return errQuicker
	case !c.ClosedOn.IsZero():
		return problem.New("conflict")
	}
	if err := store.InsertShare(ctx, tx, s); err != nil {
		return err
	}
	drafts := []outbox.Draft{takesPart(c, s, pack.VersionOn(pack.Today(d.Clock.Now())))}
	if paper != nil {
		if err := count(ctx, tx, s.Authority, paper.slot(), "stored/"+paper.Category); err != nil {
			return err
		}
		said, err := d.keepPart(ctx, tx, *paper, paper.parts[0])
		if err != nil {
			return err
		}
		drafts = append(drafts, said)
	}
	return d.Box.Append(ctx, tx, drafts...)
}
