// Package mailing writes mailings and objections down. An objection is a look-up in the key database, from the number or
// address that it was made with to its opaque id; the id is also the unit under which the look-up lives, and dies. Of who
// received a mailing there is nothing.
package mailing

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/campaign"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/store"
)

// Desk keeps mailings.
type Desk struct {
	DB       *pgxpool.Pool
	Keys     *keyring.Ring
	Box      *outbox.Box
	Business clock.Business
	Policy   *policy.Set
}

// Send writes down that a mailing goes out to those of its receivers who have not objected. Of one that went out before it
// returns what was written then; another content is a conflict.
func (d *Desk) Send(ctx context.Context, pack *policy.Pack, m campaign.Mailing) (sent store.Campaign, duplicate bool, err error) {
	before, found, err := store.FindCampaign(ctx, d.DB, pack.Authority, m.ID)
	if err != nil || found {
		return again(before, m, err)
	}
	leftOut, err := d.objectors(ctx, pack.Authority, m.Recipients)
	if err != nil {
		return sent, false, err
	}
	sent = store.Campaign{Authority: pack.Authority, Name: m.ID, ID: uuid.Must(uuid.NewV7()), Title: m.Name, Audience: m.Audience,
		Inputs: m.Inputs, Recipients: len(m.Recipients), LeftOut: leftOut, SentAt: m.At}
	first, err := d.write(ctx, pack, sent)
	if err != nil || first {
		return sent, false, err
	}
	before, _, err = store.FindCampaign(ctx, d.DB, pack.Authority, m.ID)
	return again(before, m, err)
}

func again(before store.Campaign, m campaign.Mailing, err error) (store.Campaign, bool, error) {
	same := before.Title == m.Name && before.Audience == m.Audience && slices.Equal(before.Inputs, m.Inputs) && before.Recipients == len(m.Recipients)
	if err == nil && !same {
		err = problem.New("conflicting-duplicate")
	}
	return before, true, err
}

func (d *Desk) write(ctx context.Context, pack *policy.Pack, c store.Campaign) (first bool, err error) {
	err = pg.Tx(ctx, d.DB, func(tx pgx.Tx) error {
		if first, err = store.AddCampaign(ctx, tx, c); err != nil || !first {
			return err
		}
		return d.Box.Append(ctx, tx, d.told(pack, events.TypeCampaignSent, c.ID, events.CampaignSent{Campaign: c.ID, Inputs: c.Inputs,
			Recipients: c.Recipients, Sent: c.Sent(), SentAt: c.SentAt}))
	})
	if err == nil && first {
		d.Box.Committed()
	}
	return first, err
}

func (d *Desk) told(pack *policy.Pack, eventType string, about uuid.UUID, data any) outbox.Draft {
	return outbox.Draft{Authority: pack.Authority, Type: eventType, Subject: about.String(), Key: about.String(), Data: data,
		PolicyVersion: pack.VersionOn(pack.Today(d.Business.Now()))}
}

// Admits refuses an opening or click in something that is no mailing of the authority's (AFG-31), or of somebody who will
// have none (L-20).
func (d *Desk) Admits(ctx context.Context, c contact.Contact) error {
	if c.Campaign == "" {
		return nil
	}
	pack, ok := d.Policy.Pack(c.Authority)
	if !ok {
		return problem.New("unknown-authority")
	}
	_, own, err := store.FindCampaign(ctx, d.DB, c.Authority, c.Campaign)
	if err != nil {
		return err
	}
	if !own {
		return problem.ByRule("denied", pack.Channels[c.Channel].Requirement)
	}
	objected, err := d.Objected(ctx, c.Authority, c.Person())
	if err == nil && objected {
		rules, _ := pack.Campaign()
		err = problem.ByRule("denied", rules.ObjectionRequirement)
	}
	return err
}
