package casework

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/store"
)

// Transfer is that an applicant's papers of one kind go to a processor: the processor asks for them itself, or an officer
// sends them.
type Transfer struct {
	Authority string
	Case      uuid.UUID
	Whose     Whose
	By        bearer.Claims
	Processor string // who is to have them
	Kind      string
}

// TransferPapers writes a transfer down and returns its id. The list of who gets which kind is closed (AFG-44). A processor
// that would have them go to somebody else is refused, and an alarm stands open from then on (AFG-45).
func (d *Desk) TransferPapers(ctx context.Context, t Transfer) (uuid.UUID, error) {
	pack, known := d.Rules.Packs.Pack(t.Authority)
	if !known {
		return uuid.Nil, problem.New("not-found")
	}
	recruitment, ok := pack.Recruitment()
	if !ok {
		return uuid.Nil, problem.New("conflict")
	}
	if onward(pack, t) {
		if err := d.raise(ctx, pack, t.Authority, events.OnwardTransfer); err != nil {
			return uuid.Nil, err
		}
		return uuid.Nil, problem.ByRule("denied", recruitment.OnwardRequirement)
	}
	if !handles(pack, t.Processor, t.Kind) || t.By.Has(Processor) && t.Processor != t.By.Name {
		return uuid.Nil, problem.ByRule("denied", recruitment.TransferRequirement)
	}
	share, err := d.applicant(ctx, pack, t.Authority, t.Case, t.Whose)
	if err != nil {
		return uuid.Nil, err
	}
	return d.transfer(ctx, pack, t, share)
}

// onward says whether a processor of the pack would have papers go to somebody else, which the pack lets it not.
func onward(p *policy.Pack, t Transfer) bool {
	if !t.By.Has(Processor) || t.Processor == t.By.Name {
		return false
	}
	who, known := p.Processor(t.By.Name)
	return known && !who.Onward
}

func (d *Desk) transfer(ctx context.Context, p *policy.Pack, t Transfer, share store.Share) (uuid.UUID, error) {
	made := store.Transfer{Authority: t.Authority, Transfer: uuid.New(), Case: t.Case, Person: share.Person, Processor: t.Processor, Kind: t.Kind,
		MadeAt: d.Clock.Now().UTC()}
	err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		c, living, err := d.lockCase(ctx, tx, t.Authority, t.Case)
		switch {
		case err != nil:
			return err
		case !c.ClosedOn.IsZero():
			return problem.New("conflict")
		case !holds(living, share.Share):
			return problem.New("gone")
		}
		if err := store.InsertTransfer(ctx, tx, made); err != nil {
			return err
		}
		return d.Box.Append(ctx, tx, outbox.Draft{Authority: t.Authority, Type: events.TypeTransferMade, Subject: made.Transfer.String(),
			Key: share.Person.String(), PolicyVersion: p.VersionOn(p.Today(made.MadeAt)),
			Data: events.TransferMade{Transfer: made.Transfer, Case: t.Case, Person: share.Person, Processor: t.Processor, Kind: t.Kind, MadeAt: made.MadeAt}})
	})
	if err == nil {
		d.Box.Committed()
	}
	return made.Transfer, err
}

// raise opens an alarm. It says what happened and nothing of whom it happened to.
func (d *Desk) raise(ctx context.Context, p *policy.Pack, authority, name string) error {
	id, now := uuid.New(), d.Clock.Now().UTC()
	err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		return d.Box.Append(ctx, tx, outbox.Draft{Authority: authority, Type: events.TypeAlarmRaised, Subject: id.String(), Key: id.String(),
			PolicyVersion: p.VersionOn(p.Today(now)), Data: events.AlarmRaised{Alarm: id, Name: name, RaisedAt: now}})
	})
	if err == nil {
		d.Box.Committed()
	}
	return err
}
