package api

import (
	"maps"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// newReport is the body of POST /v1/cases/{id}/activity-reports (AFG-16).
type newReport struct {
	At     string         `json:"at"`
	About  string         `json:"about"`  // whose it is, by opaque id or number; needed where several take part in the case
	Counts map[string]int `json:"counts"` // such as jobsApplied, by codes
	Items  []string       `json:"items"`  // what was done, in the person's own words (AFC-09: free text)
}

// activityReport is what such a note is called.
const activityReport = "activity-report"

// manyActivities is the highest count that a report may give: more is a mistake.
const manyActivities = 10_000

// reportActivity answers POST /v1/cases/{id}/activity-reports {at, about, counts, items} with 201 {note}: what a job-seeker
// has done, kept under the case as a note of its own kind.
func (a *API) reportActivity(w http.ResponseWriter, r *http.Request) {
	var said newReport
	id, err := a.body(w, r, &said)
	var taken casework.Taken
	if err == nil {
		taken, err = newNote{At: said.At, Text: activityReport}.taken(a.Clock.Now())
	}
	if err == nil {
		err = said.into(&taken)
	}
	claims, _ := bearer.From(r.Context())
	if err == nil && !claims.Has(channelRole) { // which hands in what the person wrote
		err = a.mayWrite(r, id, store.CategoryNote)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	taken.Authority, taken.Case, taken.Author = claims.Authority, id, claims.Name
	note, err := a.Desk.WriteNote(r.Context(), taken)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusCreated, map[string]uuid.UUID{"note": note})
}

func (n newReport) into(t *casework.Taken) error {
	if len(n.Counts)+len(n.Items) == 0 {
		return problem.OnField("missing-field", "counts")
	}
	if len(n.Counts) > most || len(n.Items) > most {
		return problem.OnField("too-large", "items")
	}
	for _, name := range slices.Sorted(maps.Keys(n.Counts)) {
		if !counted[name] {
			return problem.OnField("invalid-field", "counts")
		}
		if n.Counts[name] < 0 || n.Counts[name] > manyActivities {
			return problem.OnField("invalid-field", "counts")
		}
	}
	for _, item := range n.Items {
		if err := line.CheckText("items", item); err != nil {
			return err
		}
	}
	t.Kind, t.Counts, t.Items, t.Text = activityReport, n.Counts, n.Items, ""
	if n.About != "" {
		t.About = []string{n.About}
	}
	return nil
}

// counted are the activities of which a report may give a number.
var counted = map[string]bool{"jobsApplied": true, "interviews": true, "activities": true, "participationDays": true}
