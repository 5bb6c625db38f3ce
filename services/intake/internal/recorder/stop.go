package recorder

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/vault"
)

// Stopped is the answer to a stop or a transfer: where the audio ends, in ms of the call, and what the customer was offered.
type Stopped struct {
	ID          uuid.UUID `json:"id"`
	AudioEndsMs *int64    `json:"audioEndsMs,omitempty"`
	Flags       []string  `json:"flags"`
}

// Stop ends the audio at the customer's wish, and offers the written procedure (KSC-16). The call goes on.
func (d *Desk) Stop(ctx context.Context, authority string, id uuid.UUID, offset time.Duration, at string) (Stopped, error) {
	s, err := d.cut(ctx, authority, id, at, func(_ policy.Recording, s recording.State, at time.Time) (*recording.Cut, error) {
		c, err := recording.Stop(s, offset, at)
		return &c, err
	})
	s.Flags = []string{recording.WrittenOffered}
	return s, err
}

// Transfer notes that the call is on another line; on one that is never recorded there is no audio (KSC-09).
func (d *Desk) Transfer(ctx context.Context, authority string, id uuid.UUID, line string, offset time.Duration, at string) (Stopped, error) {
	return d.cut(ctx, authority, id, at, func(rules policy.Recording, s recording.State, at time.Time) (*recording.Cut, error) {
		return recording.Transfer(rules, s, line, offset, at)
	})
}

func (d *Desk) cut(ctx context.Context, authority string, id uuid.UUID, told string, decide func(policy.Recording, recording.State, time.Time) (*recording.Cut, error)) (Stopped, error) {
	out := Stopped{ID: id, Flags: []string{}}
	held, rules, err := d.living(ctx, authority, id)
	if err != nil {
		return out, err
	}
	pack, err := d.Pack(authority)
	if err != nil {
		return out, err
	}
	at, err := recording.Moment("at", told, d.Business.Now())
	if err != nil {
		return out, err
	}
	err = d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		r, err := locked(ctx, tx, authority, held.ID)
		if err != nil {
			return nil, err
		}
		before := stateOf(r)
		cut, err := decide(rules, before, at)
		if err != nil || cut == nil {
			return nil, err
		}
		ms := cut.At.Milliseconds()
		out.AudioEndsMs = &ms
		if before.Cut != nil && *before.Cut == *cut {
			return nil, nil
		}
		if err := store.CutRecording(ctx, tx, authority, id, ms, cut.Because); err != nil {
			return nil, err
		}
		return []outbox.Draft{draft(authority, events.TypeRecordingStopped, id, d.Version(pack), events.RecordingStopped{Contact: id, Because: cut.Because,
			StoppedAt: r.StartedAt.Add(cut.At), AudioEndsMs: &ms, WrittenOffered: cut.Because == events.StoppedByCustomer})}, nil
	})
	return out, err
}

func locked(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID) (store.Recording, error) {
	r, found, err := store.LockRecording(ctx, tx, authority, id)
	if err == nil && !found {
		err = problem.New("gone")
	}
	return r, err
}

// End ends the call: the recording is a contact from then on, and its period begins (KSC-13).
func (d *Desk) End(ctx context.Context, authority string, id uuid.UUID, told string) (Stopped, error) {
	out := Stopped{ID: id, Flags: []string{}}
	held, _, err := d.living(ctx, authority, id)
	if err != nil {
		return out, err
	}
	at, err := recording.Moment("at", told, d.Business.Now())
	if err != nil {
		return out, err
	}
	out.AudioEndsMs, err = d.end(ctx, authority, held, at, events.StoppedByEnd)
	return out, err
}

// ending is a recording with its end in it, encrypted anew before the transaction that needs it.
type ending struct {
	record          contact.Record
	box, commitment []byte
}

func (d *Desk) end(ctx context.Context, authority string, held store.Holding, at time.Time, because string) (cut *int64, err error) {
	pack, _, err := d.rules(authority)
	if err != nil {
		return nil, err
	}
	e, err := d.ending(ctx, authority, held, at)
	if err != nil {
		return nil, err
	}
	err = d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		r, err := locked(ctx, tx, authority, held.ID)
		if err != nil {
			return nil, err
		}
		cut = r.Cut
		fresh, err := recording.End(stateOf(r), at)
		if err != nil || !fresh {
			return nil, err
		}
		on := calendar.DateOf(at, pack.Zone)
		if err := store.EndContact(ctx, tx, authority, held.ID, on, e.box, e.commitment); err != nil {
			return nil, err
		}
		if err := store.EndRecording(ctx, tx, authority, held.ID, at); err != nil {
			return nil, err
		}
		return []outbox.Draft{
			draft(authority, events.TypeRecordingStopped, held.ID, e.record.Policy,
				events.RecordingStopped{Contact: held.ID, Because: because, StoppedAt: at, AudioEndsMs: cut}),
			recorded(authority, held, e, on.String()),
		}, nil
	})
	return cut, err
}

func recorded(authority string, held store.Holding, e ending, endedOn string) outbox.Draft {
	return draft(authority, events.TypeContactRecorded, held.ID, e.record.Policy, events.ContactRecorded{Contact: held.ID, Unit: held.Unit, Category: held.Category,
		Channel: e.record.Channel, Identified: e.record.Identified, EndedAt: e.record.EndedAt, EndedOn: endedOn, PolicyVersion: e.record.Policy})
}

func (d *Desk) ending(ctx context.Context, authority string, held store.Holding, at time.Time) (e ending, err error) {
	unit, record, err := d.Open(ctx, authority, held)
	if err != nil {
		return e, err
	}
	e.record = record
	e.record.EndedAt = at
	e.box, e.commitment, err = vault.Put(unit, held.ID, held.Category, e.record)
	return e, err
}
