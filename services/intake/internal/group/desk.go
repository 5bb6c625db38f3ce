package group

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/nationalid"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/keeper"
	"gallra.se/services/intake/internal/store"
)

// Desk keeps groups.
type Desk struct {
	keeper.Keeper
	Simulated bool // only test numbers are accepted
}

// rules are those of an authority that has groups; any other is refused.
func (d *Desk) rules(authority string) (*policy.Pack, policy.Group, error) {
	pack, err := d.Pack(authority)
	if err != nil {
		return nil, policy.Group{}, err
	}
	rules, ok := pack.Group()
	if !ok {
		return nil, rules, problem.New("unknown-channel")
	}
	return pack, rules, nil
}

// Category of participants' records at an authority that has groups.
func (d *Desk) Category(authority string) (string, error) {
	_, rules, err := d.rules(authority)
	return rules.Category, err
}

// Create begins a group: the same again is answered as the first time, another plan under its id is a conflict.
func (d *Desk) Create(ctx context.Context, authority string, g Given) (id uuid.UUID, repeated bool, err error) {
	pack, _, err := d.rules(authority)
	if err != nil {
		return id, false, err
	}
	plan, err := g.Judge()
	if err != nil {
		return id, false, err
	}
	if nationalid.Within(pack.Country, plan.Name, d.Today(pack)) {
		return id, false, problem.OnField("invalid-text", "name") // a group's name is kept in the clear and names nobody
	}
	source, err := d.Source(ctx, authority, "group", g.ID)
	if err != nil {
		return id, false, err
	}
	fresh := store.Group{Authority: authority, ID: keeper.NewID(), Source: source, Name: plan.Name, StartOn: plan.StartOn, EndOn: plan.EndOn}
	err = d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		added, err := store.AddGroup(ctx, tx, fresh)
		if repeated = !added; err != nil || repeated {
			return nil, err
		}
		return []outbox.Draft{d.draft(pack, fresh.ID, events.TypeGroupCreated,
			events.GroupCreated{Group: fresh.ID, StartOn: plan.StartOn.String(), EndOn: plan.EndOn.String()})}, nil
	})
	if err != nil || !repeated {
		return fresh.ID, false, err
	}
	before, _, err := store.GroupOf(ctx, d.DB, authority, source)
	if err == nil && (before.Name != plan.Name || before.StartOn != plan.StartOn) {
		err = problem.New("conflicting-duplicate") // its end may have moved since
	}
	return before.ID, true, err
}

// draft is an event of a group: all of one are in order.
func (d *Desk) draft(pack *policy.Pack, group uuid.UUID, eventType string, data any) outbox.Draft {
	return outbox.Draft{Authority: pack.Authority, Type: eventType, Subject: group.String(), Key: group.String(), Data: data, PolicyVersion: d.Version(pack)}
}

// End ends a group, today or before. Ending it again on the same day changes nothing; on another it is to be moved.
func (d *Desk) End(ctx context.Context, authority string, id uuid.UUID, end string) error {
	return d.change(ctx, authority, id, func(pack *policy.Pack, g store.Group) (store.Group, string, any, error) {
		on, err := Day("end", end, g.StartOn)
		switch {
		case err != nil:
			return g, "", nil, err
		case on.After(d.Today(pack)):
			return g, "", nil, problem.OnField("invalid-time", "end")
		case g.Ended && g.EndOn != on:
			return g, "", nil, problem.New("conflict")
		case g.Ended:
			return g, "", nil, nil
		}
		g.EndOn, g.Ended = on, true
		return g, events.TypeGroupEnded, events.GroupEnded{Group: id, EndedOn: on.String()}, nil
	})
}

// Move gives a group another last day, which may lie ahead.
func (d *Desk) Move(ctx context.Context, authority string, id uuid.UUID, end string) error {
	return d.change(ctx, authority, id, func(pack *policy.Pack, g store.Group) (store.Group, string, any, error) {
		on, err := Day("end", end, g.StartOn)
		if err != nil || g.EndOn == on {
			return g, "", nil, err
		}
		g.EndOn, g.Ended = on, g.Ended && !on.After(d.Today(pack))
		return g, events.TypeGroupMoved, events.GroupMoved{Group: id, EndOn: on.String()}, nil
	})
}

// change changes a group with its event; none where the event's type is empty.
func (d *Desk) change(ctx context.Context, authority string, id uuid.UUID, decide func(*policy.Pack, store.Group) (store.Group, string, any, error)) error {
	pack, _, err := d.rules(authority)
	if err != nil {
		return err
	}
	return d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		g, found, err := store.LockGroup(ctx, tx, authority, id)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, problem.New("not-found")
		}
		after, eventType, data, err := decide(pack, g)
		if err != nil || eventType == "" {
			return nil, err
		}
		return []outbox.Draft{d.draft(pack, id, eventType, data)}, store.MoveGroup(ctx, tx, after)
	})
}

// Seen is what there is to see of a group: nobody who takes part in it.
type Seen struct {
	ID    uuid.UUID     `json:"id"`
	Name  string        `json:"name"`
	Start calendar.Date `json:"start"`
	End   calendar.Date `json:"end,omitzero"`
	Ended bool          `json:"ended"`
}

// Group is what there is to see of one.
func (d *Desk) Group(ctx context.Context, authority string, id uuid.UUID) (Seen, error) {
	g, found, err := store.FindGroup(ctx, d.DB, authority, id)
	if err == nil && !found {
		err = problem.New("not-found")
	}
	return Seen{ID: g.ID, Name: g.Name, Start: g.StartOn, End: g.EndOn, Ended: g.Ended}, err
}
