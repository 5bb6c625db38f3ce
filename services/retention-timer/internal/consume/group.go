package consume

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/services/retention-timer/internal/store"
)

const participant = "group.participant"

// groupCreated notes a group, and its last day where one is planned.
func (d Desk) groupCreated(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.GroupCreated
	if err := ev.Into(&said); err != nil {
		return err
	}
	if _, err := d.promised(ev, participant, ""); err != nil {
		return err
	}
	start, err := date(ev, "startOn", said.StartOn)
	if err != nil {
		return err
	}
	g := store.Group{StartOn: start}
	if said.EndOn != "" {
		if g.EndOn, err = ending(ev, "endOn", said.EndOn, start); err != nil {
			return err
		}
	}
	return store.AddGroup(ctx, tx, ev.Authority, said.Group, g)
}

// groupJoined makes the unit of a participant. It goes a period after the group's end, whenever the participant leaves
// (KSC-18), so nobody here listens for that.
func (d Desk) groupJoined(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.GroupJoined
	if err := ev.Into(&said); err != nil {
		return err
	}
	if _, err := d.promised(ev, participant, ""); err != nil {
		return err
	}
	joined, err := date(ev, "joinedOn", said.JoinedOn)
	if err != nil {
		return err
	}
	g, err := groupOf(ctx, tx, ev, said.Group)
	if err != nil {
		return err
	}
	u := store.Unit{
		Authority: ev.Authority, ID: said.Unit, Holder: events.Intake, Kind: store.ParticipantUnit, State: store.Idle,
		Key: said.Group.String(), Partition: bus.Partition(said.Group.String()), Group: said.Group,
		Facts: store.Facts{Category: participant, CollectedOn: joined, OwnOn: g.EndOn},
	}
	return d.firstHeard(ctx, tx, ev, u, said.Participant)
}

// groupMoved counts from another last day, for every participant.
func (d Desk) groupMoved(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.GroupMoved
	if err := ev.Into(&said); err != nil {
		return err
	}
	return d.moveGroup(ctx, tx, ev, said.Group, func(g store.Group) (calendar.Date, error) { return ending(ev, "endOn", said.EndOn, g.StartOn) })
}

// groupEnded counts from the day on which the group ended.
func (d Desk) groupEnded(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var said events.GroupEnded
	if err := ev.Into(&said); err != nil {
		return err
	}
	pack, err := d.pack(ev)
	if err != nil {
		return err
	}
	if _, err := past(ev, pack, "endedOn", said.EndedOn); err != nil {
		return err
	}
	return d.moveGroup(ctx, tx, ev, said.Group, func(g store.Group) (calendar.Date, error) { return ending(ev, "endedOn", said.EndedOn, g.StartOn) })
}

func (d Desk) moveGroup(ctx context.Context, tx pgx.Tx, ev bus.Event, group uuid.UUID, end func(store.Group) (calendar.Date, error)) error {
	g, err := groupOf(ctx, tx, ev, group)
	if err != nil {
		return err
	}
	on, err := end(g)
	if err != nil {
		return err
	}
	if err := store.MoveGroup(ctx, tx, ev.Authority, group, on); err != nil {
		return err
	}
	units, err := store.LockUnitsOfGroup(ctx, tx, ev.Authority, group)
	if err != nil {
		return err
	}
	return d.Units(ctx, tx, because(ev), ev.Authority, units, nil)
}

// groupOf locks a group; events of one that nobody has told of are parked.
func groupOf(ctx context.Context, tx pgx.Tx, ev bus.Event, group uuid.UUID) (store.Group, error) {
	g, known, err := store.LockGroup(ctx, tx, ev.Authority, group)
	if err == nil && !known {
		err = unknown(ev, group)
	}
	return g, err
}

// ending reads a last day, which cannot lie before the first.
func ending(ev bus.Event, field, text string, start calendar.Date) (calendar.Date, error) {
	on, err := date(ev, field, text)
	if err == nil && on.Before(start) {
		err = bus.Refuse(fmt.Errorf("%s of %s lies before the beginning", field, ev.Type))
	}
	return on, err
}
