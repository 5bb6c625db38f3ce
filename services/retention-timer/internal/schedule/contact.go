package schedule

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/deadline"
	"gallra.se/services/retention-timer/internal/store"
)

// Contact arms a contact's unit when it is first heard of. Its date never changes afterwards but through a hold.
func (d *Desk) Contact(ctx context.Context, tx pgx.Tx, p *policy.Pack, u store.Unit, record uuid.UUID, s deadline.Schedule) error {
	armed, news := applied(p, Armed{Unit: u, Schedule: s}), news{}
	added, held, err := store.AddContact(ctx, tx, armed, record, clocksOf(s)[0])
	if err != nil || !added {
		return err
	}
	news.add(u, armed)
	if err := d.Out.Append(ctx, tx, news.drafts(p.Version)...); err != nil || !held {
		return err
	}
	return d.HeldFrom(ctx, tx, armed, record)
}
