package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"

	"gallra.se/services/disclosure/internal/caselinker"
	"gallra.se/services/disclosure/internal/decision"
	"gallra.se/services/disclosure/internal/store"
)

// recipientRole is borne by a recipient's own system, which asks for itself only.
const recipientRole = "recipient"

// post decides on a request for data and writes the decision down; the delivery follows by itself.
func (a *API) post(w http.ResponseWriter, r *http.Request) {
	q, err := read(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if err := allowed(r.Context(), q); err != nil {
		a.fail(w, r, err)
		return
	}
	made, fresh, err := a.disclose(r.Context(), q)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if !fresh {
		w.Header().Set("Gallra-Duplicate", "true")
	}
	reply(w, q, made, appointed(r.Context()))
}

func allowed(ctx context.Context, q request) error {
	c, ok := bearer.From(ctx)
	if !ok || c.Authority != q.Authority || c.Has(recipientRole) && c.Name != q.Recipient {
		return problem.New("forbidden")
	}
	return nil
}

func (a *API) disclose(ctx context.Context, q request) (store.Disclosure, bool, error) {
	pack, ok := a.Policy.Pack(q.Authority)
	if !ok {
		return store.Disclosure{}, false, problem.OnField("unknown-authority", "authority")
	}
	number, err := q.number(pack, a.Simulated)
	if err != nil {
		return store.Disclosure{}, false, err
	}
	d := decision.Decide(pack, decision.Request{Recipient: q.Recipient, Mode: q.Mode, Fields: q.Fields, LawRef: q.LawRef})
	made := draw(q, pack, d)
	if d.Granted() {
		if made, err = a.lookUp(ctx, made, number.Canonical()); err != nil {
			return made, false, err
		}
	}
	return a.record(ctx, made)
}

// draw makes the row of a decision, as if there were nobody to look up.
func draw(q request, pack *policy.Pack, d decision.Decision) store.Disclosure {
	made := store.Disclosure{
		Authority: q.Authority, ID: uuid.New(), Recipient: q.Recipient, Mode: q.Mode, Purpose: q.Purpose, LawRef: q.LawRef,
		Fields: d.Released, Withheld: slices.DeleteFunc(slices.Clone(d.Withheld), func(n string) bool { return !pack.KnownField(n) }),
		Decision: events.DecisionDenied, Rule: d.Rule, PolicyVersion: pack.Version, State: store.Closed,
	}
	if q.ID != nil {
		made.ID = *q.ID
	}
	return made
}

// lookUp turns a grant into a delivery to make, into "no data" when there is nobody (any more), or has it held when a
// protected person has not agreed to it (AFG-09).
func (a *API) lookUp(ctx context.Context, d store.Disclosure, number string) (store.Disclosure, error) {
	found, err := a.Persons.Resolve(ctx, d.Authority, number, d.Recipient, d.Fields)
	switch {
	case errors.Is(err, caselinker.ErrNoData):
		d.Decision, d.Fields = events.DecisionNoData, nil
	case errors.Is(err, caselinker.ErrSilent):
		return d, problem.Unavailable(retryAfter)
	case err != nil:
		return d, err
	case found.Held:
		d.Decision, d.Fields, d.Person, d.Protected, d.State = events.DecisionHeld, nil, &found.Person, true, store.Held
	default:
		d.Decision, d.Fields, d.Person, d.Protected, d.State = events.DecisionReleased, found.Fields, &found.Person, found.Protected, store.Waiting
	}
	return d, nil
}

type granted struct {
	ID        uuid.UUID `json:"id"`
	Recipient string    `json:"recipient"`
	Decision  string    `json:"decision"`
	Fields    []string  `json:"fields"`
	Withheld  []string  `json:"withheld"`
	Rule      string    `json:"rule"`
	Flags     []string  `json:"flags"`
}

// reply tells the decision. "No data" is one and the same document for a number never seen, a person long gone, and a protected
// person: that something is held, only an appointed officer hears.
func reply(w http.ResponseWriter, q request, d store.Disclosure, appointed bool) {
	if d.Decision == events.DecisionHeld && !appointed {
		d.Decision = events.DecisionNoData
	}
	switch d.Decision {
	case events.DecisionHeld:
		answer(w, http.StatusAccepted, granted{d.ID, d.Recipient, d.Decision, []string{}, q.Fields, ruleHeld, []string{}})
	case events.DecisionDenied:
		problem.Write(w, problem.ByRule("denied", d.Rule))
	case events.DecisionNoData:
		problem.Write(w, problem.New("not-found"))
	default:
		withheld := slices.DeleteFunc(slices.Clone(q.Fields), func(n string) bool { return slices.Contains(d.Fields, n) })
		answer(w, http.StatusCreated, granted{d.ID, d.Recipient, d.Decision, d.Fields, withheld, d.Rule, []string{"queued"}})
	}
}
