package recorder

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/keeper"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/subject"
	"gallra.se/services/intake/internal/vault"
)

// Counter counts the recordings that have begun.
const Counter = "recordings"

// Begun is what the telephony system hears of a recording that has begun.
type Begun struct {
	ID            uuid.UUID `json:"id"`
	Record        uuid.UUID `json:"record"`
	Stored        []string  `json:"stored"`
	Dropped       []string  `json:"dropped"`
	NoticeVersion string    `json:"noticeVersion"`
	NoticeURL     string    `json:"noticeUrl"`
}

// Tell notes that the customer was told that the call is recorded (KSC-15). The call's name is kept as a MAC.
func (d *Desk) Tell(ctx context.Context, authority, call, line, at string) error {
	pack, _, err := d.rules(authority)
	if err != nil {
		return err
	}
	told, err := recording.Tell(pack, call, line, at, d.Business.Now())
	if err != nil {
		return err
	}
	source, err := d.call(ctx, authority, call)
	if err != nil {
		return err
	}
	err = d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		return nil, store.TellCall(ctx, tx, authority, source, line, told)
	})
	d.changed()
	return err
}

func (d *Desk) call(ctx context.Context, authority, name string) ([]byte, error) {
	return d.Source(ctx, authority, "call", name)
}

func (d *Desk) changed() {
	if d.Changed != nil {
		d.Changed()
	}
}

// Begin begins a recording, once for each call: the same again is answered as the first time.
func (d *Desk) Begin(ctx context.Context, authority string, g recording.Given) (b Begun, repeated bool, err error) {
	pack, rules, err := d.rules(authority)
	if err != nil {
		return b, false, err
	}
	canonical, err := json.Marshal(g)
	if err != nil {
		return b, false, fmt.Errorf("encode call: %w", err)
	}
	source, err := d.call(ctx, authority, g.Call)
	if err != nil {
		return b, false, err
	}
	if before, known, err := d.known(ctx, authority, source); err != nil || known {
		if err == nil {
			b, err = d.repeat(ctx, authority, before, canonical)
		}
		return b, known, err
	}
	_, told, _, err := store.CallTold(ctx, d.DB, authority, source)
	if err != nil {
		return b, false, err
	}
	now := d.Business.Now()
	begun, err := recording.Begin(pack, g, told, now, d.Simulated)
	if err != nil {
		return b, false, err
	}
	f := keeper.Fresh{Authority: authority, ID: keeper.NewID(), Unit: keeper.NewID(), Category: rules.Category, Source: source, Canonical: canonical,
		Page: keyring.ByDay(rules.Category, pack.Today(now).String()), Record: d.record(pack, rules.Category, begun)}
	started := events.RecordingStarted{Contact: f.ID, Line: begun.Line, ToldAt: told.UTC(), StartedAt: begun.StartedAt}
	if started.Sealed, started.KeyID, err = d.Identity(ctx, authority, f.ID, begun.Index.Fields[subject.NationalID]); err != nil {
		return b, false, err
	}
	won, err := d.Enter(ctx, f, func(tx pgx.Tx) ([]outbox.Draft, error) { return d.write(ctx, tx, f, started) })
	if err != nil {
		return b, false, err
	}
	d.changed()
	if won {
		return answer(f.ID, f.Record), false, nil
	}
	if err := d.Discard(ctx, f); err != nil { // somebody else was first
		return b, true, err
	}
	before, _, err := d.known(ctx, authority, source)
	if err == nil {
		b, err = d.repeat(ctx, authority, before, canonical)
	}
	return b, true, err
}

// record is the index of a recording; it gets its end with the call's.
func (d *Desk) record(pack *policy.Pack, category string, b recording.Begun) contact.Record {
	return contact.Record{Channel: "recording", Identified: b.Identified(), StartedAt: b.StartedAt, Line: b.Line, Fields: b.Index.Fields,
		Stored: b.Index.Stored, Dropped: b.Index.Dropped, Policy: d.Version(pack), Notice: contact.Notice{Version: pack.Notice.Version, URL: pack.Notice.URL},
		Stamp: contact.StampOf(pack, category, contact.Subject, nil, b.StartedOn)}
}

func (d *Desk) write(ctx context.Context, tx pgx.Tx, f keeper.Fresh, started events.RecordingStarted) ([]outbox.Draft, error) {
	if err := store.AddRecording(ctx, tx, store.Recording{Authority: f.Authority, ID: f.ID, Line: started.Line, StartedAt: started.StartedAt}); err != nil {
		return nil, err
	}
	if err := store.Count(ctx, tx, map[string]int64{Counter: 1}); err != nil {
		return nil, err
	}
	told := draft(f.Authority, events.TypeRecordingStarted, f.ID, f.Record.Policy, started)
	told.KeyID = started.KeyID
	return []outbox.Draft{told}, nil
}

func draft(authority, eventType string, id uuid.UUID, policyVersion string, data any) outbox.Draft {
	return outbox.Draft{Authority: authority, Type: eventType, Subject: id.String(), Key: id.String(), Data: data, PolicyVersion: policyVersion}
}

func (d *Desk) known(ctx context.Context, authority string, source []byte) (store.Holding, bool, error) {
	s := store.Source{Authority: authority, MAC: [32]byte(source)}
	known, err := store.Known(ctx, d.DB, []store.Source{s})
	held, ok := known[s]
	return held, ok, err
}

// repeat answers a call that was told of before: the same content as the first time, other content as a conflict, anything
// about a recording that is gone as gone.
func (d *Desk) repeat(ctx context.Context, authority string, before store.Holding, canonical []byte) (Begun, error) {
	if !before.Readable(d.Business.Now()) {
		return Begun{}, problem.New("gone")
	}
	unit, record, err := d.Open(ctx, authority, before)
	if err != nil {
		return Begun{}, err
	}
	if !hmac.Equal(vault.Fingerprint(unit, canonical), before.Fingerprint) {
		return Begun{}, problem.New("conflicting-duplicate")
	}
	return answer(before.ID, record), nil
}

func answer(id uuid.UUID, r contact.Record) Begun {
	return Begun{ID: id, Record: id, Stored: r.Stored, Dropped: r.Dropped, NoticeVersion: r.Notice.Version, NoticeURL: r.Notice.URL}
}
