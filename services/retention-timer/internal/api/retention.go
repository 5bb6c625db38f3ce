package api

import (
	"context"
	"encoding/json"
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
	Record        uuid.UUID `json:"record"`
	Authority     string    `json:"authority"`
	Unit          uuid.UUID `json:"unit"`
	Kind          string    `json:"kind"` // contact, identity, share, participant, request
	Category      string    `json:"category"`
	CaseType      string    `json:"caseType,omitempty"`
	State         string    `json:"state"` // idle, running, due, disposed
	Rule          string    `json:"rule,omitempty"`
	Due           string    `json:"due"` // civil date from whose 00:00 it is gone, or none
	DueAt         time.Time `json:"dueAt,omitzero"`
	CollectedOn   string    `json:"collectedOn,omitempty"`
	PolicyVersion string    `json:"policyVersion,omitempty"` // in force at collection and, after a blank, the one that shortened the period
	Limits        Limits    `json:"limits"`
	Floor         string    `json:"floor"`                     // nobody may delete it before this day, or none
	ExtendedUntil string    `json:"extendedUntil,omitempty"`   // last day, of a single recording
	Transfer      string    `json:"archiveTransfer,omitempty"` // when what is sealed at its disposal goes to the archive authority
	Paused        []string  `json:"paused"`                    // why it would not be destroyed even on that date
	Declined      string    `json:"declined,omitempty"`
	Overdue       string    `json:"overdueBecause,omitempty"`
	Erasure       *Erasing  `json:"erasure,omitempty"` // somebody has ordered it
	Preserved     bool      `json:"preserved"`         // kept until it is sealed to the archive
	Silence       string    `json:"silence,omitempty"` // why no period is stated

	Clocks []ClockLine  `json:"clocks"`
	Holds  []HoldLine   `json:"holds"` // placed at any time
	Trail  []store.Step `json:"trail"` // how its date has moved
}

// Erasing is an order to erase a record before its period has ended.
type Erasing struct {
	Rule      string    `json:"rule"` // requirement of its ground
	OrderedAt time.Time `json:"orderedAt"`
}

// ClockLine is one rule that runs, or ran, for a record's unit.
type ClockLine struct {
	Rule        string        `json:"rule"`
	Requirement string        `json:"requirement"`
	Title       policy.Title  `json:"title"`
	Trigger     string        `json:"trigger"`
	D0          calendar.Date `json:"d0"`
	Period      string        `json:"period"`
	Mode        string        `json:"mode"`
	E           calendar.Date `json:"e"`
	DueOn       calendar.Date `json:"dueOn"`
	Limit       string        `json:"limit"` // normal, ceiling
	State       string        `json:"state"` // running, cancelled
}

// HoldLine is a hold on the record, its case or its person.
type HoldLine struct {
	Hold       uuid.UUID `json:"hold"`
	Scope      string    `json:"scope"`
	Reason     string    `json:"reason"`
	PlacedAt   time.Time `json:"placedAt"`
	ReviewAt   time.Time `json:"reviewAt"`
	ReleasedAt time.Time `json:"releasedAt,omitzero"`
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
	answer, err := a.retentionOf(r.Context(), caller.Authority, record)
	return http.StatusOK, answer, err
}

// timeline is the same for whoever knows the record's id, at whichever authority it is.
func (a *API) timeline(ctx context.Context, body []byte) (any, error) {
	var asked struct {
		Record uuid.UUID `json:"record"`
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return nil, problem.New("not-found")
	}
	for _, authority := range a.Policy.Authorities() {
		answer, err := a.retentionOf(ctx, authority, asked.Record)
		if !problem.Refused(err) {
			return answer, err
		}
	}
	return nil, problem.New("not-found")
}

func (a *API) retentionOf(ctx context.Context, authority string, record uuid.UUID) (answer Retention, err error) {
	pack, ok := a.Policy.Pack(authority)
	if !ok {
		return Retention{}, problem.New("not-found")
	}
	err = pg.Tx(ctx, a.DB, func(tx pgx.Tx) (err error) {
		answer, err = retentionOf(ctx, tx, pack, record)
		return err
	})
	return answer, err
}

func retentionOf(ctx context.Context, tx pgx.Tx, pack *policy.Pack, record uuid.UUID) (Retention, error) {
	units, err := store.UnitsOfRecord(ctx, tx, pack.Authority, record)
	if err != nil {
		return Retention{}, err
	}
	ids := make([]uuid.UUID, len(units))
	for i, u := range units {
		ids[i] = u.ID
	}
	hidden, err := store.Hidden(ctx, tx, pack.Authority, ids)
	if err != nil {
		return Retention{}, err
	}
	if len(units) == 0 || hidden {
		return Retention{}, problem.New("not-found")
	}
	u := lasting(units)
	r := Retention{
		Record: record, Authority: pack.Authority, Unit: u.ID, Kind: u.Kind, Category: u.Category, CaseType: u.CaseType,
		State: u.State, Rule: u.Rule, Due: orNone(u.DueOn), DueAt: u.DueAt, CollectedOn: u.CollectedOn.String(), PolicyVersion: u.PolicyVersion,
		Floor: orNone(u.FloorOn), ExtendedUntil: u.ExtendedUntil.String(), Declined: u.Declined, Overdue: u.OverdueBecause,
	}
	if u.Erased.Rule != "" {
		r.Erasure = &Erasing{u.Erased.Rule, u.Erased.At}
	}
	_, r.Preserved = pack.Preserved(u.Category, u.CaseType)
	if rule, silent := pack.Silence(u.Category, u.CaseType); silent {
		r.Silence = rule.Reason
	}
	if u.Kind == store.ShareUnit && !u.DueOn.IsZero() {
		r.Transfer = pack.TransferOn(u.DueOn).String()
	}
	running, err := store.RunningClocks(ctx, tx, pack.Authority, []uuid.UUID{u.ID})
	if err != nil {
		return Retention{}, err
	}
	r.Limits = limitsOf(pack, u, running[u.ID])
	if r.Paused, err = pauses(ctx, tx, u, record); err != nil {
		return Retention{}, err
	}
	return r, r.history(ctx, tx, pack, u, record, running[u.ID])
}

// history adds what ran, what held and what moved.
func (r *Retention) history(ctx context.Context, tx pgx.Tx, pack *policy.Pack, u store.Unit, record uuid.UUID, running []store.Clock) error {
	cancelled, err := store.CancelledClocks(ctx, tx, pack.Authority, []uuid.UUID{u.ID})
	if err != nil {
		return err
	}
	r.Clocks = append(clockLines(pack, running, "running"), clockLines(pack, cancelled[u.ID], "cancelled")...)
	r.Holds = []HoldLine{}
	holds, err := store.HoldsEver(ctx, tx, u.Authority, u.ID, targets(u, record)...)
	if err != nil {
		return err
	}
	for _, h := range holds {
		line := HoldLine{Hold: h.ID, Scope: h.Scope, Reason: h.Reason, PlacedAt: h.PlacedAt, ReviewAt: h.ReviewAt}
		if h.ReleasedAt != nil {
			line.ReleasedAt = h.ReleasedAt.UTC()
		}
		r.Holds = append(r.Holds, line)
	}
	if r.Trail, err = store.Trail(ctx, tx, u.Authority, u.ID); r.Trail == nil {
		r.Trail = []store.Step{}
	}
	return err
}

func clockLines(pack *policy.Pack, clocks []store.Clock, state string) []ClockLine {
	lines := make([]ClockLine, len(clocks))
	for i, c := range clocks {
		rule, _ := pack.Rule(c.Rule)
		lines[i] = ClockLine{Rule: c.Rule, Requirement: rule.Requirement, Title: rule.Title, Trigger: c.Trigger, D0: c.D0,
			Period: c.Period, Mode: c.Mode, E: c.E, DueOn: c.DueOn, Limit: c.Kind, State: state}
	}
	return lines
}

// targets are what a hold must name to cover a record: the record, its person, its case.
func targets(u store.Unit, record uuid.UUID) []uuid.UUID {
	all := []uuid.UUID{record}
	for _, id := range []uuid.UUID{u.Person, u.Case} {
		if id != uuid.Nil {
			all = append(all, id)
		}
	}
	return all
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
		if c.Kind == string(policy.CeilingLimit) {
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
	holds, err := store.HoldsOf(ctx, tx, u.Authority, u.ID, targets(u, record)...)
	if err != nil {
		return nil, err
	}
	for _, h := range holds {
		paused = append(paused, pauseOf(h.Reason))
	}
	if u.Held && len(holds) == 0 {
		paused = append(paused, "hold") // on another record of the same unit
	}
	if u.Kind == store.ShareUnit && u.State == store.Idle && u.ClosedOn.IsZero() {
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
	switch reason {
	case "document-request":
		return "documentRequest"
	case "restriction":
		return reason
	}
	return "hold"
}

func orNone(d calendar.Date) string {
	if d.IsZero() {
		return none
	}
	return d.String()
}
