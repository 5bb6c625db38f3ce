package complaint

import (
	"context"
	"maps"
	"slices"

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

// Recordings ends what recordings are kept longer for.
type Recordings interface {
	ReasonEnds(ctx context.Context, tx pgx.Tx, authority string, recording uuid.UUID, reason string) (told []outbox.Draft, known bool, err error)
}

// Desk keeps complaints.
type Desk struct {
	keeper.Keeper
	Recordings Recordings
}

// Open writes a complaint down about a recording that there still is.
func (d *Desk) Open(ctx context.Context, authority, author, text string, recording uuid.UUID) (uuid.UUID, error) {
	pack, err := d.Pack(authority)
	if err != nil {
		return uuid.Nil, err
	}
	rules, ok := pack.Recording()
	if !ok {
		return uuid.Nil, problem.New("unknown-channel")
	}
	if err := Written(text); err != nil {
		return uuid.Nil, err
	}
	held, err := d.Find(ctx, authority, recording, rules.Category)
	if err != nil {
		return uuid.Nil, err
	}
	_, about, err := d.Keeper.Open(ctx, authority, held)
	if err != nil {
		return uuid.Nil, err
	}
	id, today := keeper.NewID(), d.Today(pack)
	source, err := d.Source(ctx, authority, Category, id.String())
	if err != nil {
		return uuid.Nil, err
	}
	f := keeper.Fresh{Authority: authority, ID: id, Unit: keeper.NewID(), Category: Category, Source: source, Canonical: []byte(id.String()),
		Page: keyring.ByDay(Category, today.String()), Record: d.record(pack, about, author, text)}
	opened := events.ComplaintOpened{Complaint: id, Recording: recording, OpenedOn: today.String()}
	if opened.Sealed, opened.KeyID, err = d.Identity(ctx, authority, id, f.Record.Fields[subject.NationalID]); err != nil {
		return uuid.Nil, err
	}
	_, err = d.Enter(ctx, f, func(tx pgx.Tx) ([]outbox.Draft, error) {
		told := draft(authority, events.TypeComplaintOpened, id, f.Record.Policy, opened)
		told.KeyID = opened.KeyID
		return []outbox.Draft{told},
			store.AddComplaint(ctx, tx, store.Complaint{Authority: authority, ID: id, Recording: recording, OpenedOn: today})
	})
	return id, err
}

// adviser is the source of what an officer writes down (KSC-19).
const adviser = "adviser"

// record bears name and number of whose call it was: when the recording is gone, nobody would find the complaint without.
func (d *Desk) record(pack *policy.Pack, about contact.Record, author, text string) contact.Record {
	fields := map[string]string{Text: text, Author: author}
	for _, name := range []string{subject.Name, subject.NationalID} {
		if known := about.Fields[name]; known != "" {
			fields[name] = known
		}
	}
	return contact.Record{Channel: "complaint", Identified: about.Identified, StartedAt: d.Business.Now().UTC(), Fields: fields, Stored: slices.Sorted(maps.Keys(fields)),
		Dropped: []string{}, Policy: d.Version(pack), Notice: contact.Notice{Version: pack.Notice.Version, URL: pack.Notice.URL},
		Stamp: contact.StampOf(pack, Category, adviser, nil, d.Today(pack))}
}

func draft(authority, eventType string, id uuid.UUID, policyVersion string, data any) outbox.Draft {
	return outbox.Draft{Authority: authority, Type: eventType, Subject: id.String(), Key: id.String(), Data: data, PolicyVersion: policyVersion}
}

// Close closes a complaint with its answer. Its period begins, and what its recording was kept longer for ends, unless another
// complaint about it is open. One that was closed before is a conflict.
func (d *Desk) Close(ctx context.Context, authority string, id uuid.UUID, text, at string) error {
	pack, err := d.Pack(authority)
	if err != nil {
		return err
	}
	if err := Written(text); err != nil {
		return err
	}
	held, err := d.Find(ctx, authority, id, Category)
	if err != nil {
		return err
	}
	unit, record, err := d.Keeper.Open(ctx, authority, held)
	if err != nil {
		return err
	}
	if record.EndedAt, err = When(at, record.StartedAt, d.Business.Now()); err != nil {
		return err
	}
	record.Fields[Answer] = text
	record.Stored = slices.Sorted(maps.Keys(record.Fields))
	box, commitment, err := vault.Put(unit, id, Category, record)
	if err != nil {
		return err
	}
	on := calendar.DateOf(record.EndedAt, pack.Zone)
	return d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		if err := store.EndContact(ctx, tx, authority, id, on, box, commitment); err != nil {
			return nil, err
		}
		c, err := d.closed(ctx, tx, authority, id, on)
		if err != nil {
			return nil, err
		}
		drafts := []outbox.Draft{
			draft(authority, events.TypeComplaintClosed, id, record.Policy, events.ComplaintClosed{Complaint: id, Recording: c.Recording, ClosedOn: on.String()}),
			draft(authority, events.TypeContactRecorded, id, record.Policy, events.ContactRecorded{Contact: id, Unit: c.Unit, Category: Category,
				Channel: record.Channel, Identified: record.Identified, EndedAt: record.EndedAt, EndedOn: on.String(), PolicyVersion: record.Policy}),
		}
		more, err := d.reasonEnds(ctx, tx, c)
		return append(drafts, more...), err
	})
}

// closed closes the row beside the record, once.
func (d *Desk) closed(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, on calendar.Date) (store.Complaint, error) {
	c, found, err := store.LockComplaint(ctx, tx, authority, id)
	switch {
	case err != nil:
		return c, err
	case !found:
		return c, problem.New("gone")
	case !c.ClosedOn.IsZero():
		return c, problem.New("conflict")
	}
	return c, store.CloseComplaint(ctx, tx, c, on)
}

func (d *Desk) reasonEnds(ctx context.Context, tx pgx.Tx, c store.Complaint) ([]outbox.Draft, error) {
	open, err := store.OpenComplaints(ctx, tx, c.Authority, c.Recording)
	if err != nil || open > 0 {
		return nil, err
	}
	told, _, err := d.Recordings.ReasonEnds(ctx, tx, c.Authority, c.Recording, Reason)
	return told, err
}
