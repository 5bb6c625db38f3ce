package casework

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/nationalid"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// Applicant is somebody who takes part in a recruitment (AFG-39). Nobody is registered by applying: the share holds the
// only copy of name and number, and no look-up leads from the number to it.
type Applicant struct {
	Authority, NationalID, Name string
	Case                        uuid.UUID
}

// Applied names an applicant's part of a recruitment.
type Applied struct {
	Person uuid.UUID `json:"person"`
	Share  uuid.UUID `json:"share"`
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
	own, file, mac, err := d.recruitment(ctx, a, id)
	if err != nil {
		return Applied{}, false, err
	}
	earlier, found, err := store.ApplicantShare(ctx, d.DB, a.Authority, a.Case, mac)
	if err != nil || found {
		return Applied{earlier.Person, earlier.Share}, found, err
	}
	s := store.Share{Authority: a.Authority, Share: uuid.New(), Case: own.Case, Person: uuid.New(), Kind: store.Applicant, NumberMAC: mac}
	if _, err := d.newShare(ctx, &s, File{Salt: newSalt(), Number: file.Number, NationalID: id.Canonical(), Name: a.Name}); err != nil {
		return Applied{}, false, err
	}
	err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return d.apply(ctx, tx, pack, s) })
	if err != nil {
		return Applied{}, false, err
	}
	d.Box.Committed()
	return Applied{s.Person, s.Share}, false, nil
}

// recruitment opens the own share of a recruitment, whose key tells one number from another in it and dies with it.
func (d *Desk) recruitment(ctx context.Context, a Applicant, id nationalid.ID) (own store.Share, file File, mac []byte, err error) {
	_, shares, err := d.caseByID(ctx, a.Authority, a.Case)
	if is(err, "unknown-case") {
		err = problem.New("not-found")
	}
	if err != nil {
		return own, file, nil, err
	}
	if shares = d.living(shares); len(shares) == 0 {
		return own, file, nil, problem.New("gone")
	}
	i := slices.IndexFunc(shares, func(s store.Share) bool { return s.Kind == store.OwnShare })
	if i < 0 {
		return own, file, nil, problem.New("conflict") // no recruitment
	}
	own = shares[i]
	key, err := d.livingKey(ctx, own.Authority, own.Share)
	if err != nil {
		return own, file, nil, err
	}
	file, err = open[File](key, own.Authority, own.Share, store.CategoryFile, own.Content)
	return own, file, key.MAC("applicant", []byte(id.Canonical())), err
}

func (d *Desk) apply(ctx context.Context, tx pgx.Tx, pack *policy.Pack, s store.Share) error {
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
	return d.Box.Append(ctx, tx, takesPart(c, s, pack.VersionOn(pack.Today(d.Clock.Now()))))
}
