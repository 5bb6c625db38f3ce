package accesslog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/services/case-linker/internal/store"
)

// Agenda reviews every week in which somebody read something, when it is over: on Monday 00:00 in the authority's zone.
func (l *Log) Agenda() *clock.Agenda {
	l.once.Do(func() { l.weeks = &clock.Agenda{Name: "access review", Next: l.nextReview, Run: l.reviewDue} })
	return l.weeks
}

// week is one that is to be reviewed.
type week struct {
	authority string
	zone      *time.Location
	monday    calendar.Date
}

func (w week) from() time.Time  { return calendar.Midnight(w.monday, w.zone) }
func (w week) until() time.Time { return calendar.Midnight(w.monday.AddDays(7), w.zone) }

func (l *Log) nextReview(ctx context.Context) (at time.Time, ok bool, err error) {
	for _, authority := range l.Packs.Authorities() {
		w, found, err := l.unreviewed(ctx, authority)
		if err != nil {
			return time.Time{}, false, err
		}
		if found && (!ok || w.until().Before(at)) {
			at, ok = w.until(), true
		}
	}
	return at, ok, nil
}

// unreviewed is an authority's oldest week with an access that no review has looked at.
func (l *Log) unreviewed(ctx context.Context, authority string) (w week, found bool, err error) {
	pack, known := l.Packs.Pack(authority)
	if !known {
		return w, false, nil
	}
	last, reviewed, err := store.LastReview(ctx, l.DB, authority)
	if err != nil {
		return w, false, fmt.Errorf("look for the last review: %w", err)
	}
	since := time.Time{}
	if reviewed {
		since = calendar.Midnight(last.AddDays(7), pack.Zone)
	}
	at, found, err := store.FirstUnreviewed(ctx, l.DB, authority, since)
	if err != nil || !found {
		return w, false, err
	}
	return week{authority, pack.Zone, MondayOf(calendar.DateOf(at, pack.Zone))}, true, nil
}

// MondayOf is the Monday of a day's week.
func MondayOf(day calendar.Date) calendar.Date {
	return day.AddDays(-((int(day.Weekday()) + 6) % 7))
}

func (l *Log) reviewDue(ctx context.Context, now time.Time) error {
	for _, authority := range l.Packs.Authorities() {
		w, found, err := l.unreviewed(ctx, authority)
		if err != nil {
			return err
		}
		if found && !w.until().After(now) {
			if err := l.review(ctx, w); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Log) review(ctx context.Context, w week) error {
	lines, err := store.AccessBetween(ctx, l.DB, w.authority, w.from(), w.until())
	if err != nil {
		return err
	}
	findings, err := json.Marshal(ReviewOf(lines, w.zone))
	if err != nil {
		return fmt.Errorf("encode review: %w", err)
	}
	return pg.Tx(ctx, l.DB, func(tx pgx.Tx) error {
		_, err := store.KeepReview(ctx, tx, store.Review{Authority: w.authority, WeekOn: w.monday, Findings: findings}, w.until())
		return err
	})
}

// Week is a week's review as it is shown.
type Week struct {
	Week  string `json:"week"`  // 2026-W47
	From  string `json:"from"`  // its Monday
	Until string `json:"until"` // its Sunday
	Final bool   `json:"final"` // the week is over and was reviewed
	Findings
}

// Show is the review of the week of a Monday, with names; of a week that is not over, what there is by now.
func (l *Log) Show(ctx context.Context, pack *policy.Pack, monday calendar.Date) (Week, error) {
	w := week{pack.Authority, pack.Zone, monday}
	year, number := w.from().In(pack.Zone).ISOWeek()
	shown := Week{Week: fmt.Sprintf("%04d-W%02d", year, number), From: monday.String(), Until: monday.AddDays(6).String()}
	kept, final, err := store.FindReview(ctx, l.DB, pack.Authority, monday)
	switch {
	case err != nil:
		return shown, fmt.Errorf("read review: %w", err)
	case final:
		err = json.Unmarshal(kept, &shown.Findings)
	default:
		var lines []store.Access
		lines, err = store.AccessBetween(ctx, l.DB, pack.Authority, w.from(), w.until())
		shown.Findings = ReviewOf(lines, pack.Zone)
	}
	shown.Final = final
	if err != nil {
		return shown, err
	}
	return shown, l.name(ctx, pack.Authority, shown.Officers)
}

func (l *Log) name(ctx context.Context, authority string, officers []Officer) error {
	ids := make([]uuid.UUID, 0, len(officers))
	for _, o := range officers {
		if id, err := uuid.Parse(o.Who); err == nil {
			ids = append(ids, id)
		}
	}
	names, err := l.Names(ctx, authority, ids)
	for i, o := range officers {
		if id, err := uuid.Parse(o.Who); err == nil && names[id] != "" {
			officers[i].Who = names[id]
		}
	}
	return err
}
