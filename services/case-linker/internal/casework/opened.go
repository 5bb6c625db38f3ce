package casework

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// opened opens a case with a share for each of its persons. A recruitment, or a case about an organisation, has one of its
// own, about nobody: it is there, and has its end, before anyone joins and if nobody does.
func (d *Desk) opened(ctx context.Context, l line.Line) (change, error) {
	mac, err := d.numberMAC(ctx, l.Authority, l.Number)
	if err != nil {
		return change{}, err
	}
	c := store.Case{Authority: l.Authority, Case: uuid.New(), File: uuid.New(), NumberMAC: mac, Type: l.CaseType, OpenedAt: l.At}
	shares, first, err := d.newShares(ctx, l, c)
	if err != nil {
		return change{}, err
	}
	if line.BeginsAlone(l.Pack, l.CaseType) {
		own := store.Share{Authority: l.Authority, Share: uuid.New(), Case: c.Case, Person: uuid.New(), Kind: store.OwnShare}
		if first, err = d.newShare(ctx, &own, File{Salt: newSalt(), Number: l.Number}); err != nil {
			return change{}, err
		}
		shares = append([]store.Share{own}, shares...)
	}
	officer, staffed, err := d.opener(ctx, l.Authority)
	if err != nil {
		return change{}, err
	}
	return change{answer: Answer{ID: c.Case, Record: c.File}, unit: first, ref: shares[0].Share,
		apply: func(ctx context.Context, tx pgx.Tx) error {
			if err := d.openCase(ctx, tx, l, c, shares); err != nil || !staffed {
				return err
			}
			_, err := store.AssignOfficer(ctx, tx, l.Authority, c.Case, officer, l.At)
			return err
		}}, nil
}

// newShares makes the keys of a case's shares, and their content: the number, and a copy of each person's name.
func (d *Desk) newShares(ctx context.Context, l line.Line, c store.Case) (shares []store.Share, first *keyring.Unit, err error) {
	for _, number := range l.Persons {
		if err := d.noJobSeeker(ctx, l.Pack, l.CaseType, number); err != nil {
			return nil, nil, err
		}
		person, unit, err := d.personOf(ctx, l.Pack, number)
		if err != nil {
			return nil, nil, err
		}
		who, err := open[Identity](unit, l.Authority, person.Person, store.CategoryIdentity, person.Content)
		if err != nil {
			return nil, nil, err
		}
		s := store.Share{Authority: l.Authority, Share: uuid.New(), Case: c.Case, Person: person.Person}
		key, err := d.newShare(ctx, &s, File{Salt: newSalt(), Number: l.Number, NationalID: who.NationalID, Name: who.Fields["name"]})
		if err != nil {
			return nil, nil, err
		}
		if first == nil {
			first = key
		}
		shares = append(shares, s)
	}
	return shares, first, nil
}

// newShare makes a share's key and encrypts its content.
func (d *Desk) newShare(ctx context.Context, s *store.Share, file File) (*keyring.Unit, error) {
	key, err := d.Keys.NewUnit(ctx, ref(s.Authority, s.Share), keyring.Shared("case"))
	if err != nil {
		return nil, err
	}
	s.Content, s.Commitment, err = seal(key, s.Authority, s.Share, store.CategoryFile, file)
	return key, err
}

func (d *Desk) openCase(ctx context.Context, tx pgx.Tx, l line.Line, c store.Case, shares []store.Share) error {
	locked, err := store.LockPersons(ctx, tx, l.Authority, personsOf(shares))
	if err != nil {
		return err
	}
	for _, s := range shares {
		if s.Kind == store.OwnShare {
			continue
		}
		if p, known := locked[s.Person]; !known || d.gone(l.Pack, p) {
			return problem.New("unknown-person")
		}
	}
	left, err := store.NumberBuried(ctx, tx, l.Authority, c.NumberMAC)
	if err != nil {
		return err
	}
	fresh, err := store.InsertCase(ctx, tx, c)
	if err != nil {
		return err
	}
	if !fresh || left.Found {
		return problem.New("conflict")
	}
	var drafts []outbox.Draft
	for _, s := range shares {
		if err := store.InsertShare(ctx, tx, s); err != nil {
			return err
		}
		drafts = append(drafts, takesPart(c, s, l.PolicyVersion()))
	}
	if err := count(ctx, tx, l.Authority, store.AnySlot(), "cases", "stored/"+store.CategoryFile); err != nil {
		return err
	}
	return d.Box.Append(ctx, tx, drafts...)
}

// takesPart is the event that somebody takes part in a case.
func takesPart(c store.Case, s store.Share, version string) outbox.Draft {
	return outbox.Draft{Authority: s.Authority, Type: events.TypeCaseOpened, Subject: c.Case.String(), Key: s.Person.String(), PolicyVersion: version,
		Data: events.CaseOpened{Person: s.Person, Case: c.Case, Share: s.Share, File: c.File, CaseType: c.Type, OpenedAt: c.OpenedAt.UTC()}}
}

// about is an event about a person's share of a case.
func (d *Desk) about(l line.Line, s store.Share, eventType string, data any) outbox.Draft {
	return outbox.Draft{Authority: l.Authority, Type: eventType, Subject: s.Case.String(), Key: s.Person.String(),
		PolicyVersion: l.PolicyVersion(), Data: data}
}
