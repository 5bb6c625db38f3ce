package schedule

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/store"
)

// Contact arms a contact's unit when it is first heard of.
func (d *Desk) Contact(ctx context.Context, tx pgx.Tx, p *policy.Pack, why Cause, u store.Unit, record uuid.UUID) error {
	s := deadline.Of(p, Facts(u.Kind, u.Facts, calendar.Date{}))
	armed, news := applied(p, Armed{Unit: u, Schedule: s}, why), news{}
	added, held, err := store.AddContact(ctx, tx, armed, record, clocksOf(s))
	if err != nil || !added {
		return err
	}
	news.add(u, armed)
	if err := d.Out.Append(ctx, tx, news.drafts(p.Version)...); err != nil || !held {
		return err
	}
	return d.HeldFrom(ctx, tx, armed, record)
}
