package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/accesslog"
	"gallra.se/services/case-linker/internal/casework"
)

// seen is a view that says what it is a view of.
type seen interface{ Seen() casework.Seen }

// admit decides whether the caller may do that with a record, and writes down that it was asked for, before the answer.
func (a *API) admit(r *http.Request, action access.Action, s casework.Seen) error {
	c, _ := bearer.From(r.Context())
	assigned, err := a.assigned(r.Context(), c, s)
	if err != nil {
		return err
	}
	refusal := a.Access.Decide(c, access.Question{Action: action, Category: s.Category, CaseType: s.CaseType, Protected: s.Protected,
		Assigned: assigned, Purpose: access.PurposeOf(r)})
	outcome := events.AccessGiven
	if refusal != nil {
		outcome = events.AccessRefused
	}
	if err := a.wrote(r, action, s, outcome, a.signs(c, s, assigned)); err != nil {
		return err
	}
	return refusal
}

// wrote writes an access down, whatever was decided about it.
func (a *API) wrote(r *http.Request, action access.Action, s casework.Seen, outcome string, signs []string) error {
	c, _ := bearer.From(r.Context())
	return a.Read.Write(r.Context(), accesslog.Entry{Authority: c.Authority, Account: c.Name, Role: strings.Join(c.Roles, " "), Record: s.Record,
		Category: s.Category, Persons: s.Persons, Action: string(action), Purpose: access.PurposeOf(r), Outcome: outcome, Signs: signs})
}

// unknown writes down that something was asked for that is not there, or is another's: so many guesses are seen, and the
// answer takes as long as that about somebody who is hidden. It returns err.
func (a *API) unknown(r *http.Request, action access.Action, asked uuid.UUID, err error) error {
	if problem.From(err).Status != http.StatusNotFound {
		return err
	}
	s, outcome := casework.Seen{Record: asked, Persons: casework.Hides(err)}, events.AccessUnknown
	if len(s.Persons) > 0 {
		outcome = events.AccessRefused
	}
	if fault := a.wrote(r, action, s, outcome, nil); fault != nil {
		return fault
	}
	return err
}

func (a *API) assigned(ctx context.Context, c bearer.Claims, s casework.Seen) (bool, error) {
	if s.Case == uuid.Nil {
		return true, nil
	}
	return a.Desk.Assigned(ctx, c, s.Case)
}

// signs are what the weekly review looks for.
func (a *API) signs(c bearer.Claims, s casework.Seen, assigned bool) (signs []string) {
	pack, ok := a.Desk.Rules.Packs.Pack(c.Authority)
	if !ok {
		return nil
	}
	if !assigned {
		signs = append(signs, access.Unassigned)
	}
	return append(signs, access.SignsOf(c, s.Name, s.Address, a.Clock.Now().In(pack.Zone))...)
}

// guarded answers with one record, found by its id, to whoever may read it.
func guarded[T seen](a *API, read func(ctx context.Context, authority string, id uuid.UUID) (T, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := bearer.From(r.Context())
		id, err := uuid.Parse(r.PathValue("id"))
		if err != nil {
			a.fail(w, r, problem.New("not-found"))
			return
		}
		found, err := read(r.Context(), claims.Authority, id)
		if err == nil {
			err = a.admit(r, access.Read, found.Seen())
		} else {
			err = a.unknown(r, access.Read, id, err)
		}
		if err != nil {
			a.fail(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		answer(w, http.StatusOK, found)
	})
}

// personToRead is the person in the path, of whom the caller may read; that it was asked is written down.
func (a *API) personToRead(r *http.Request) (uuid.UUID, error) {
	claims, _ := bearer.From(r.Context())
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return id, problem.New("not-found")
	}
	person, err := a.Desk.ReadPerson(r.Context(), claims.Authority, id)
	if err != nil {
		return id, a.unknown(r, access.Read, id, err)
	}
	return id, a.admit(r, access.Read, person.Seen())
}

// personsLog answers GET /v1/persons/{id}/access-log: who has looked at a person's records, newest first. Looking at it is
// an access too.
func (a *API) personsLog(w http.ResponseWriter, r *http.Request) {
	claims, _ := bearer.From(r.Context())
	id, err := a.personToRead(r)
	var lines []accesslog.Line
	if err == nil {
		lines, err = a.Read.OfPerson(r.Context(), claims.Authority, id)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, map[string]any{"entries": append([]accesslog.Line{}, lines...)})
}

// reviewers may see the weekly review.
var reviewers = []string{"dpo", "records-manager"}

// review answers GET /v1/access-review?week=2026-W47 with who looked at what in a week; without a week, in this one.
func (a *API) review(w http.ResponseWriter, r *http.Request) {
	claims, _ := bearer.From(r.Context())
	pack, ok := a.Desk.Rules.Packs.Pack(claims.Authority)
	if !ok || !claims.Undertaking || !slices.ContainsFunc(reviewers, claims.Has) {
		a.fail(w, r, problem.ByRule("forbidden", access.RoleRequirement))
		return
	}
	monday := accesslog.MondayOf(pack.Today(a.Clock.Now()))
	if week := r.URL.Query().Get("week"); week != "" {
		var err error
		if monday, err = accesslog.ParseWeek(week); err != nil {
			a.fail(w, r, problem.OnField("invalid-field", "week"))
			return
		}
	}
	shown, err := a.Read.Show(r.Context(), pack, monday)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, shown)
}
