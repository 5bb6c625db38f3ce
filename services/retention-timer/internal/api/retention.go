package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/store"
)

// none stands where no date runs.
const none = "none"

// Retention is a record's answer to "until when, and why".
type Retention struct {
	Record   uuid.UUID `json:"record"`
	Unit     uuid.UUID `json:"unit"`
	State    string    `json:"state"` // idle, running, due, disposed
	Rule     string    `json:"rule,omitempty"`
	Due      string    `json:"due"` // civil date from whose 00:00 it is gone, or none
	DueAt    time.Time `json:"dueAt,omitzero"`
	Limits   Limits    `json:"limits"`
	Paused   []string  `json:"paused"` // why it would not be destroyed even on that date
	Declined string    `json:"declined,omitempty"`
}

// Limits are the three dates of a record: the first two the day from whose 00:00 it is gone, the last the 31 December that
// is the outer bound of law; "none" where a limit does not run.
type Limits struct {
	Normal    string `json:"normal"`
	Ceiling   string `json:"ceiling"`
	Statutory string `json:"statutory"`
}

func (a *API) retention(r *http.Request, caller bearer.Claims) (int, any, error) {
	record, err := pathID(r, "record")
	if err != nil {
		return 0, nil, err
	}
	pack, ok := a.Policy.Pack(caller.Authority)
	if !ok {
		return 0, nil, problem.New("not-found")
	}
	var answer Retention
	err = pg.Tx(r.Context(), a.DB, func(tx pgx.Tx) (err error) {
		answer, err = retentionOf(r.Context(), tx, pack, record)
		return err
	})
	return http.StatusOK, answer, err
}

func retentionOf(ctx context.Context, tx pgx.Tx, pack *policy.Pack, record uuid.UUID) (Retention, error) {
	units, err := store.UnitsOfRecord(ctx, tx, pack.Authority, record)
	if err != nil {
		return Retention{}, err
	}
	if len(units) == 0 {
		return Retention{}, problem.New("not-found")
	}
	u := lasting(units)
	clocks, err := store.RunningClocks(ctx, tx, pack.Authority, []uuid.UUID{u.ID})
	if err != nil {
		return Retention{}, err
	}
	paused, err := pauses(ctx, tx, u, record)
	if err != nil {
		return Retention{}, err
	}
	return Retention{
		Record: record, Unit: u.ID, State: u.State, Rule: u.Rule, Due: orNone(u.DueOn), DueAt: u.DueAt,
		Limits: limitsOf(pack, u, clocks[u.ID]), Paused: paused, Declined: u.Declined,
	}, nil
}

// lasting is the unit that keeps a shared record longest: one without a date, else the latest, a disposed one never.
func lasting(units []store.Unit) store.Unit {
	last := units[0]
	for _, u := range units[1:] {
		switch {
		case u.State == store.Disposed:
		case last.State == store.Disposed, u.DueOn.IsZero(), !last.DueOn.IsZero() && u.DueOn.After(last.DueOn):
			last = u
		}
	}
	return last
}

func limitsOf(pack *policy.Pack, u store.Unit, clocks []store.Clock) Limits {
	l := Limits{Normal: none, Ceiling: none, Statutory: none}
	for _, c := range clocks {
		if c.Mode == string(calendar.Ceiling) {
			l.Ceiling = c.DueOn.String()
		} else {
			l.Normal = c.DueOn.String()
		}
	}
	if !u.BoundAt.IsZero() {
		l.Statutory = calendar.DateOf(u.BoundAt, pack.Zone).AddDays(-1).String()
	}
	return l
}

// pauses are the reasons why a unit stays: a hold, a document request, a case that is open although its person is not
// registered any more.
func pauses(ctx context.Context, tx pgx.Tx, u store.Unit, record uuid.UUID) ([]string, error) {
	paused := []string{}
	if u.State == store.Disposed {
		return paused, nil
	}
	targets := []uuid.UUID{record}
	if u.Person != uuid.Nil {
		targets = append(targets, u.Person)
	}
	if u.Case != uuid.Nil {
		targets = append(targets, u.Case)
	}
	holds, err := store.HoldsOn(ctx, tx, u.Authority, targets...)
	if err != nil {
		return nil, err
	}
	for _, h := range holds {
		paused = append(paused, pauseOf(h.Reason))
	}
	if u.Held && len(holds) == 0 {
		paused = append(paused, "hold") // on another record of the same unit
	}
	if u.Kind == store.ShareUnit && u.State == store.Idle {
		p, known, err := store.PersonOf(ctx, tx, u.Authority, u.Person)
		if err != nil {
			return nil, err
		}
		if known && !p.DeregisteredOn.IsZero() {
			paused = append(paused, "openCase")
		}
	}
	return paused, nil
}

func pauseOf(reason string) string {
	if reason == "document-request" {
		return "documentRequest"
	}
	return "hold"
}

func orNone(d calendar.Date) string {
	if d.IsZero() {
		return none
	}
	return d.String()
}
