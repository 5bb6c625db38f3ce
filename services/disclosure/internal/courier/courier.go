// Package courier delivers what was decided. One attempt: fetch the fields (they are kept nowhere), post them through
// the recipient's breaker with the disclosure's id as idempotency key, then one transaction says what became of it. A
// crash after the post and before the commit posts again, with the same key and the same bytes, so an honest recipient
// has one effect; the register has one `disclosure.delivered` in any case. One instance delivers at a time.
package courier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/trace"

	"gallra.se/services/disclosure/internal/caselinker"
	"gallra.se/services/disclosure/internal/delivery"
	"gallra.se/services/disclosure/internal/store"
)

// HeaderKey carries the disclosure's id: the same in every attempt.
const HeaderKey = "Idempotency-Key"

// Holder gives the fields of a person, as far as the recipient may have them.
type Holder interface {
	Fields(ctx context.Context, authority, recipient string, person uuid.UUID, names []string) (map[string]json.RawMessage, error)
}

// Courier works through the waiting disclosures.
type Courier struct {
	DB     *pgxpool.Pool
	Box    *outbox.Box
	Holder Holder
	Doors  *Doors
	Log    *slog.Logger
}

// batch is how many deliveries one round takes on.
const batch = 100

// Agenda drives the courier by the business clock.
func (c *Courier) Agenda() *clock.Agenda {
	return &clock.Agenda{
		Name: "deliveries",
		Next: func(ctx context.Context) (time.Time, bool, error) { return store.NextAttempt(ctx, c.DB) },
		Run: func(ctx context.Context, now time.Time) error {
			return c.alone(ctx, func() error { return c.round(ctx, now) })
		},
	}
}

func (c *Courier) round(ctx context.Context, now time.Time) error {
	due, err := store.Due(ctx, c.DB, now, batch)
	if err != nil {
		return err
	}
	for _, d := range due {
		if err := c.attempt(ctx, d, now); err != nil {
			return fmt.Errorf("deliver disclosure %s: %w", d.ID, err)
		}
	}
	return nil
}

// attempt ends with the disclosure delivered, closed or postponed. An error means that we ourselves could not try: the
// agenda comes back soon.
func (c *Courier) attempt(ctx context.Context, d store.Disclosure, now time.Time) (err error) {
	ctx, span := trace.Begin(ctx, trace.Client, "deliver ", d.Recipient)
	defer func() { span.End(err) }()
	fields, err := c.Holder.Fields(ctx, d.Authority, d.Recipient, *d.Person, d.Fields)
	if errors.Is(err, caselinker.ErrNoData) {
		return c.close(ctx, d, now)
	}
	if err != nil {
		return err
	}
	body, err := delivery.Body(d.Authority, d.Recipient, d.Fields, fields)
	if err != nil {
		return err
	}
	if err := c.Doors.post(ctx, d.Recipient, body, d.ID.String()); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		span.Text("outcome", "not taken")
		c.Log.WarnContext(ctx, "recipient did not take a delivery", "recipient", d.Recipient, "disclosure", d.ID, "error", err.Error())
		return c.postpone(ctx, d, now)
	}
	return c.delivered(ctx, d, now)
}

func (c *Courier) delivered(ctx context.Context, d store.Disclosure, now time.Time) error {
	return c.commit(ctx, func(ctx context.Context, tx pgx.Tx) error {
		won, err := store.Finish(ctx, tx, d, store.Delivered, events.DecisionReleased)
		if err != nil || !won {
			return err
		}
		if err := store.AppendLog(ctx, tx, d.Authority, d.ID, store.LogDelivered, now); err != nil {
			return err
		}
		return c.Box.Append(ctx, tx, draft(d, events.TypeDisclosureDelivered, events.DisclosureDelivered{
			Disclosure: d.ID, Recipient: d.Recipient, Person: d.Person, Fields: d.Fields, Decision: d.Decision, Rule: d.Rule,
			Audience: audience(d)}))
	})
}

// audience is who may see the receipt of a delivery.
func audience(d store.Disclosure) string {
	if d.Protected {
		return events.AudienceProtected
	}
	return ""
}

// close: the person's data ended between the decision and the delivery. There is nothing to send.
func (c *Courier) close(ctx context.Context, d store.Disclosure, now time.Time) error {
	return c.commit(ctx, func(ctx context.Context, tx pgx.Tx) error {
		won, err := store.Finish(ctx, tx, d, store.Closed, events.DecisionNoData)
		if err != nil || !won {
			return err
		}
		if err := store.AppendLog(ctx, tx, d.Authority, d.ID, store.LogNoData, now); err != nil {
			return err
		}
		return c.Box.Append(ctx, tx, failed(d, events.DecisionNoData))
	})
}

func (c *Courier) postpone(ctx context.Context, d store.Disclosure, now time.Time) error {
	since := now
	if d.FailingSince != nil {
		since = d.FailingSince.UTC()
	}
	return c.commit(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := store.Postpone(ctx, tx, d, since, delivery.NextAttempt(since, now)); err != nil {
			return err
		}
		return c.Box.Append(ctx, tx, failed(d, d.Decision))
	})
}

const commitTimeout = 10 * time.Second

// commit outlives a stop of the service: what the recipient has must be written down.
func (c *Courier) commit(ctx context.Context, do func(context.Context, pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	if err := pg.Tx(ctx, c.DB, func(tx pgx.Tx) error { return do(ctx, tx) }); err != nil {
		return err
	}
	c.Box.Committed()
	return nil
}

func failed(d store.Disclosure, decision string) outbox.Draft {
	return draft(d, events.TypeDisclosureFailed, events.DisclosureFailed{
		Disclosure: d.ID, Recipient: d.Recipient, Person: d.Person, Fields: d.Fields, Decision: decision, Rule: d.Rule})
}

func draft(d store.Disclosure, eventType string, data any) outbox.Draft {
	return outbox.Draft{Authority: d.Authority, Type: eventType, Subject: d.ID.String(), Key: d.Person.String(),
		Data: data, PolicyVersion: d.PolicyVersion}
}
