package api

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/outbox"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"

	"gallra.se/services/disclosure/internal/store"
)

const retryAfter = 5 * time.Second

var errSeen = errors.New("the id has been used")

// record writes the decision, its log entry and its events in one transaction. The same id with the same request gives
// what was recorded the first time.
func (a *API) record(ctx context.Context, d store.Disclosure) (made store.Disclosure, fresh bool, err error) {
	err = pg.Tx(ctx, a.DB, func(tx pgx.Tx) error {
		made, err = a.insert(ctx, tx, d)
		return err
	})
	switch {
	case errors.Is(err, errSeen) && !same(made, d):
		return made, false, problem.New("conflicting-duplicate")
	case errors.Is(err, errSeen):
		return made, false, nil
	case err != nil:
		return made, false, err
	}
	a.Box.Committed()
	if made.State == store.Waiting {
		a.Decided()
	}
	return made, true, nil
}

func (a *API) insert(ctx context.Context, tx pgx.Tx, d store.Disclosure) (store.Disclosure, error) {
	if err := a.Box.Append(ctx, tx, said(d)...); err != nil {
		return d, err
	}
	now := a.Clock.Now() // after the first write: a watermark must not overtake it
	d.RequestedAt = now
	if d.State == store.Waiting {
		d.NextAt = &now
	}
	fresh, err := store.Insert(ctx, tx, d)
	if err != nil {
		return d, err
	}
	if !fresh {
		seen, err := store.Get(ctx, tx, d.Authority, d.ID)
		return seen, errors.Join(err, errSeen)
	}
	return d, store.AppendLog(ctx, tx, d.Authority, d.ID, logKind[d.Decision], now)
}

var logKind = map[string]string{
	events.DecisionReleased: store.LogGranted, events.DecisionDenied: store.LogDenied, events.DecisionNoData: store.LogNoData,
	events.DecisionHeld: store.LogHeld,
}

// same says whether two rows come from the same request; what became of it does not matter. Who found nobody named no
// fields either.
func same(a, b store.Disclosure) bool {
	held := a.Decision == events.DecisionHeld || b.Decision == events.DecisionHeld
	if !held && a.Person != nil && b.Person != nil && (*a.Person != *b.Person || !slices.Equal(a.Fields, b.Fields)) {
		return false
	}
	return a.Recipient == b.Recipient && a.Mode == b.Mode && a.Purpose == b.Purpose && a.LawRef == b.LawRef &&
		slices.Equal(a.Withheld, b.Withheld)
}

// ruleHeld is the requirement by which something is held.
const ruleHeld = "AFG-09"

// said are the events of a decision. What is held reads like what is asked about nobody, but for one event that is for the
// appointed.
func said(d store.Disclosure) []outbox.Draft {
	if d.Decision != events.DecisionHeld {
		return []outbox.Draft{requested(d), decided(d)}
	}
	outside := d
	outside.Person, outside.Decision = nil, events.DecisionNoData
	return []outbox.Draft{requested(outside), decided(outside), draft(d, events.TypeDisclosureHeld, events.DisclosureHeld{
		Disclosure: d.ID, Recipient: d.Recipient, Person: *d.Person, Rule: ruleHeld})}
}

func requested(d store.Disclosure) outbox.Draft {
	return draft(d, events.TypeDisclosureRequested, events.DisclosureRequested{
		Disclosure: d.ID, Recipient: d.Recipient, Person: d.Person, Fields: names(d.Fields, d.Withheld), Rule: d.Rule})
}

func decided(d store.Disclosure) outbox.Draft {
	return draft(d, events.TypeDisclosureDecided, events.DisclosureDecided{
		Disclosure: d.ID, Recipient: d.Recipient, Person: d.Person, Fields: names(d.Fields), Decision: d.Decision, Rule: d.Rule})
}

// names is never null in JSON.
func names(lists ...[]string) []string { return append([]string{}, slices.Concat(lists...)...) }

func draft(d store.Disclosure, eventType string, data any) outbox.Draft {
	key := d.ID.String()
	if d.Person != nil {
		key = d.Person.String()
	}
	return outbox.Draft{Authority: d.Authority, Type: eventType, Subject: d.ID.String(), Key: key, Data: data, PolicyVersion: d.PolicyVersion}
}
