package officer

import (
	"errors"
	"net/http"

	"gallra.se/libs/problem"

	"gallra.se/services/console/internal/behalf"
)

// trouble is a page that says why there is none. Somebody who may not be seen and somebody who is not there have the same.
func (v visit) trouble(status int) answer {
	words, known := v.t.Trouble[status]
	if !known {
		words = v.t.Trouble[http.StatusServiceUnavailable]
	}
	return answer{status: status, body: troublePage(v.t, v.f, words.Title, words.Lead)}
}

// refused is the page of an error of the services. A refusal by a rule names the rule.
func (p *Pages) refused(v visit, err error) answer {
	var said problem.Problem
	switch {
	case errors.As(err, &said) && said.Status == http.StatusForbidden && said.Rule != "":
		words := v.t.Trouble[http.StatusForbidden]
		return answer{status: said.Status, body: forbiddenPage(v.t, v.f, words.Title, v.ruled(said.Rule, words.Lead), said.Rule)}
	case errors.As(err, &said) && v.t.Trouble[said.Status].Title != "":
		return v.trouble(said.Status)
	case errors.As(err, &said):
		return answer{status: http.StatusBadRequest, body: troublePage(v.t, v.f, v.t.Unreadable, v.told(said))}
	}
	p.silent(v, err)
	return v.trouble(http.StatusServiceUnavailable)
}

func (p *Pages) silent(v visit, err error) {
	if errors.Is(err, behalf.ErrSilent) {
		p.Log.WarnContext(v.r.Context(), "no answer for an officer", "route", v.r.Pattern, "error", err.Error())
		return
	}
	p.Log.ErrorContext(v.r.Context(), "no page for an officer", "route", v.r.Pattern, "error", err.Error())
}

// ruled says what is missing where that helps the officer. One requirement may ask for several things.
func (v visit) ruled(rule, otherwise string) string {
	access := v.pack.Access()
	switch {
	case rule == "":
	case rule == access.UndertakingRequirement && !v.o.Bound(today(v)):
		return v.t.NoUndertaking
	case rule == access.TrainingRequirement && !v.o.Taught(today(v)):
		return v.t.NoTraining
	case rule == access.AssignmentRequirement && rule != access.UndertakingRequirement && rule != access.TrainingRequirement:
		return v.t.NotAssigned
	}
	return otherwise
}

// told is a refusal in a form's words: what to do about it, never what was entered.
func (v visit) told(said problem.Problem) string {
	for _, key := range []string{said.Reason + " " + said.Field, said.Reason} {
		if words := v.t.Refusals[key]; words != "" {
			return words
		}
	}
	return v.t.Refusals["any"]
}

// inForm is what a form says of an error: its words and status; ok is false where the error is no fault of the form's.
func (v visit) inForm(err error) (words string, status int, ok bool) {
	var said problem.Problem
	if !errors.As(err, &said) {
		return "", 0, false
	}
	switch said.Status {
	case http.StatusNotFound, http.StatusGone, http.StatusUnauthorized:
		return "", 0, false
	case http.StatusForbidden:
		return v.ruled(said.Rule, v.t.Trouble[http.StatusForbidden].Lead) + ruleSuffix(said.Rule), said.Status, true
	}
	return v.told(said) + ruleSuffix(said.Rule), said.Status, true
}

func ruleSuffix(rule string) string {
	if rule == "" {
		return ""
	}
	return " (" + rule + ")"
}
