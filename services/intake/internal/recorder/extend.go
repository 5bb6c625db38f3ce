package recorder

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/events"
	"gallra.se/libs/calendar"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
)

// Extend keeps one recording longer, and says through which day (KSC-14).
func (d *Desk) Extend(ctx context.Context, authority string, id uuid.UUID, reason string, until calendar.Date) (through calendar.Date, err error) {
	_, rules, err := d.living(ctx, authority, id)
	if err != nil {
		return through, err
	}
	pack, err := d.Pack(authority)
	if err != nil {
		return through, err
	}
	err = d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		r, kept, err := d.kept(ctx, tx, pack, authority, id, rules.Category)
		if err != nil {
			return nil, err
		}
		extended, err := recording.Extend(pack, kept, reason, until, d.Today(pack))
		if err != nil {
			return nil, err
		}
		if err := save(ctx, tx, authority, id, extended); err != nil {
			return nil, err
		}
		through = extended.Until
		kept.Reasons = recording.With(kept.Reasons, extended)
		return d.told(pack, r, kept), nil
	})
	return through, err
}

// kept locks a recording and says what counts for how long it is kept.
func (d *Desk) kept(ctx context.Context, tx pgx.Tx, pack *policy.Pack, authority string, id uuid.UUID, category string) (store.Recording, recording.Kept, error) {
	r, err := locked(ctx, tx, authority, id)
	if err != nil {
		return r, recording.Kept{}, err
	}
	rows, err := store.Extensions(ctx, tx, authority, id)
	k := recording.Kept{Category: category}
	if !r.EndedAt.IsZero() {
		k.EndedOn = calendar.DateOf(r.EndedAt, pack.Zone)
	}
	for _, e := range rows {
		k.Reasons = append(k.Reasons, recording.Reason{Name: e.Reason, Until: e.UntilOn, EndedOn: e.EndedOn})
	}
	return r, k, err
}

func save(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, reasons ...recording.Reason) error {
	for _, r := range reasons {
		if err := store.SaveExtension(ctx, tx, authority, id, store.Extension{Reason: r.Name, UntilOn: r.Until, EndedOn: r.EndedOn}); err != nil {
			return err
		}
	}
	return nil
}

// told is the event of what counts now: while a reason stands the recording is extended, else the last reason has ended.
func (d *Desk) told(pack *policy.Pack, r store.Recording, k recording.Kept) []outbox.Draft {
	last, name, stands := k.Last()
	if stands {
		return []outbox.Draft{draft(r.Authority, events.TypeRecordingExtended, r.ID, d.Version(pack),
			events.RecordingExtended{Contact: r.ID, Unit: r.Unit, Until: last.String(), Reason: name})}
	}
	return []outbox.Draft{draft(r.Authority, events.TypeRecordingReasonEnded, r.ID, d.Version(pack),
		events.RecordingReasonEnded{Contact: r.ID, Unit: r.Unit, EndedOn: last.String()})}
}

// EndReason ends a reason for which a recording is kept longer, or all where the name is empty: it goes the day after, not
// before its ordinary time. Ending it twice is ending it once; where there never was one it is not-found.
func (d *Desk) EndReason(ctx context.Context, authority string, id uuid.UUID, name string) error {
	if _, _, err := d.living(ctx, authority, id); err != nil {
		return err
	}
	return d.Change(ctx, func(tx pgx.Tx) ([]outbox.Draft, error) {
		drafts, known, err := d.ReasonEnds(ctx, tx, authority, id, name)
		if err == nil && !known {
			err = problem.New("not-found")
		}
		return drafts, err
	})
}

// ReasonEnds is EndReason in the transaction of something else, such as the end of a complaint. known is false where the
// recording is gone or was never kept longer for that.
func (d *Desk) ReasonEnds(ctx context.Context, tx pgx.Tx, authority string, id uuid.UUID, name string) (told []outbox.Draft, known bool, err error) {
	pack, rules, err := d.rules(authority)
	if err != nil {
		return nil, false, err
	}
	r, kept, err := d.kept(ctx, tx, pack, authority, id, rules.Category)
	if problem.From(err).Reason == "gone" && err != nil {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	ended, known := recording.EndReasons(kept.Reasons, name, d.Today(pack))
	if len(ended) == 0 {
		return nil, known, nil
	}
	kept.Reasons = recording.With(kept.Reasons, ended...)
	return d.told(pack, r, kept), known, save(ctx, tx, authority, id, ended...)
}
