package group

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/keeper"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/subject"
	"gallra.se/services/intake/internal/vault"
)

// Participation is the answer to whoever lets somebody join.
type Participation struct {
	ID            uuid.UUID `json:"id"`
	Stored        []string  `json:"stored"`
	Dropped       []string  `json:"dropped"`
	NoticeVersion string    `json:"noticeVersion"`
	NoticeURL     string    `json:"noticeUrl"`
}

// Join lets somebody take part in a group that has not ended. Nobody takes part twice: who does already is answered as the
// first time, who had left takes part again, and other data about the same person are a conflict.
func (d *Desk) Join(ctx context.Context, authority string, group uuid.UUID, j Joining) (p Participation, repeated bool, err error) {
	pack, rules, err := d.rules(authority)
	if err != nil {
		return p, false, err
	}
	g, found, err := store.FindGroup(ctx, d.DB, authority, group)
	switch {
	case err != nil:
		return p, false, err
	case !found:
		return p, false, problem.New("not-found")
	case g.Ended:
		return p, false, problem.New("conflict")
	}
	joined, err := j.Judge(pack, rules, d.Business.Now(), d.Simulated)
	if err != nil {
		return p, false, err
	}
	f, err := d.fresh(ctx, pack, rules, group, joined)
	if err != nil {
		return p, false, err
	}
	told := events.GroupJoined{Group: group, Participant: f.ID, Unit: f.Unit, JoinedOn: joined.On.String()}
	if told.Sealed, told.KeyID, err = d.Identity(ctx, authority, f.ID, joined.Fields[subject.NationalID]); err != nil {
		return p, false, err
	}
	won, err := d.Enter(ctx, f, func(tx pgx.Tx) ([]outbox.Draft, error) { return d.write(ctx, tx, pack, f, joined.On, told) })
	if err != nil || won {
		return participation(f.ID, f.Record), false, err
	}
	p, err = d.again(ctx, pack, rules, f, told)
	return p, true, err
}

// fresh is the record of somebody who joins. The participants of a group die together, so they share pages. Who is in the
// group already is found by the number, under a look-up key that dies with the record: then the id is the one that is there.
func (d *Desk) fresh(ctx context.Context, pack *policy.Pack, rules policy.Group, group uuid.UUID, joined Joined) (f keeper.Fresh, err error) {
	ref := keyring.UnitRef{Authority: pack.Authority, ID: keeper.NewID()}
	page := keyring.ByDay(rules.Category, "group "+group.String())
	if _, err := d.Keys.NewUnit(ctx, ref, page); err != nil {
		return f, err
	}
	id, err := d.Keys.Enter(ctx, "participant "+group.String(), ref, ref.ID, []byte(joined.Fields[subject.NationalID]))
	if err != nil {
		return f, err
	}
	if id != ref.ID {
		if err := d.Keys.Destroy(ctx, []keyring.UnitRef{ref}); err != nil {
			return f, err
		}
	}
	source, err := d.Source(ctx, pack.Authority, rules.Category, id.String())
	if err != nil {
		return f, err
	}
	canonical, err := json.Marshal(joined.Fields)
	if err != nil {
		return f, fmt.Errorf("encode participant: %w", err)
	}
	return keeper.Fresh{Authority: pack.Authority, ID: id, Unit: id, Category: rules.Category, Page: page, Source: source, Canonical: canonical,
		Record: contact.Record{Channel: "group", Identified: true, StartedAt: d.Business.Now().UTC(), Fields: joined.Fields, Stored: joined.Stored,
			Dropped: joined.Dropped, Policy: d.Version(pack), Notice: contact.Notice{Version: pack.Notice.Version, URL: pack.Notice.URL},
			Stamp: contact.StampOf(pack, rules.Category, contact.Subject, nil, joined.On)}}, nil
}

// write stores a participant under the group as it is now: its end may have moved meanwhile.
func (d *Desk) write(ctx context.Context, tx pgx.Tx, pack *policy.Pack, f keeper.Fresh, on calendar.Date, told events.GroupJoined) ([]outbox.Draft, error) {
	g, found, err := store.LockGroup(ctx, tx, f.Authority, told.Group)
	switch {
	case err != nil:
		return nil, err
	case !found || g.Ended:
		return nil, problem.New("conflict")
	}
	if err := store.AddParticipant(ctx, tx, store.Participant{Authority: f.Authority, ID: f.ID, Group: told.Group, JoinedOn: on}); err != nil {
		return nil, err
	}
	if err := store.CountFrom(ctx, tx, f.Authority, f.ID, g.EndOn); err != nil {
		return nil, err
	}
	return []outbox.Draft{d.joined(pack, told)}, nil
}

func (d *Desk) joined(pack *policy.Pack, told events.GroupJoined) outbox.Draft {
	draft := d.draft(pack, told.Group, events.TypeGroupJoined, told)
	draft.KeyID = told.KeyID
	return draft
}

// again answers for somebody who is, or was, in the group.
func (d *Desk) again(ctx context.Context, pack *policy.Pack, rules policy.Group, f keeper.Fresh, told events.GroupJoined) (p Participation, err error) {
	held, err := d.Find(ctx, f.Authority, f.ID, rules.Category)
	if err != nil {
		return p, err
	}
	unit, record, err := d.Open(ctx, f.Authority, held)
	if err != nil {
		return p, err
	}
	if !hmac.Equal(vault.Fingerprint(unit, f.Canonical), held.Fingerprint) {
		return p, problem.New("conflicting-duplicate")
	}
	return participation(f.ID, record), d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		there, err := d.participant(ctx, tx, f.Authority, told.Group, f.ID)
		if err != nil || there.LeftOn.IsZero() {
			return nil, err
		}
		told.Unit = there.Unit
		return []outbox.Draft{d.joined(pack, told)}, store.LeaveGroup(ctx, tx, there, calendar.Date{})
	})
}

func participation(id uuid.UUID, r contact.Record) Participation {
	return Participation{ID: id, Stored: r.Stored, Dropped: r.Dropped, NoticeVersion: r.Notice.Version, NoticeURL: r.Notice.URL}
}

func (d *Desk) participant(ctx context.Context, tx pgx.Tx, authority string, group, id uuid.UUID) (store.Participant, error) {
	p, found, err := store.LockParticipant(ctx, tx, authority, group, id)
	if err == nil && !found {
		err = problem.New("not-found")
	}
	return p, err
}

// Leave notes that somebody takes part no longer. Her data stay for as long as everybody's (KSC-18). Leaving twice is
// leaving once.
func (d *Desk) Leave(ctx context.Context, authority string, group, id uuid.UUID) error {
	pack, rules, err := d.rules(authority)
	if err != nil {
		return err
	}
	if _, err := d.Find(ctx, authority, id, rules.Category); err != nil {
		return err
	}
	return d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		p, err := d.participant(ctx, tx, authority, group, id)
		if err != nil || !p.LeftOn.IsZero() {
			return nil, err
		}
		today := d.Today(pack)
		return []outbox.Draft{d.draft(pack, group, events.TypeGroupLeft, events.GroupLeft{Group: group, Participant: id, LeftOn: today.String()})},
			store.LeaveGroup(ctx, tx, p, today)
	})
}

// TakesPart refuses the record of somebody who is not of that group.
func (d *Desk) TakesPart(ctx context.Context, authority string, group, id uuid.UUID) error {
	there, err := store.TakesPart(ctx, d.DB, authority, group, id)
	if err == nil && !there {
		err = problem.New("not-found")
	}
	return err
}
