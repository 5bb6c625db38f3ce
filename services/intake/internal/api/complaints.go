package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/complaint"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/store"
)

// complaints adds the routes of those who write complaints about recorded calls down.
func (a *API) complaints(mux *http.ServeMux, v *bearer.Verifier) {
	for pattern, handler := range map[string]http.HandlerFunc{
		"POST /v1/complaints":            a.openComplaint,
		"GET /v1/complaints/{id}":        a.readComplaint,
		"POST /v1/complaints/{id}/close": a.closeComplaint,
	} {
		mux.Handle(pattern, v.Middleware(handler))
	}
}

// openComplaint writes down what somebody complains of in a recording.
func (a *API) openComplaint(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Recording string `json:"recording"`
		Reason    string `json:"reason"`
	}
	err := bodyInto(w, r, &said)
	var row store.Recording
	if err == nil {
		r = withPurpose(r, complaint.Reason)
		r.SetPathValue("id", said.Recording)
		row, _, err = a.openedRecording(r, access.Read)
	}
	var id uuid.UUID
	if err == nil {
		caller, _ := bearer.From(r.Context())
		id, err = a.Complaints.Open(r.Context(), caller.Authority, caller.Name, said.Reason, row.ID)
	}
	a.answerOr(w, r, err, http.StatusCreated, false, map[string]uuid.UUID{"id": id})
}

// openedComplaint is a complaint that the caller may do that with.
func (a *API) openedComplaint(r *http.Request, action access.Action) (store.Holding, contact.Record, error) {
	held, record, err := a.openedTo(withPurpose(r, complaint.Reason), action, r.PathValue("id"))
	if err == nil && held.Category != complaint.Category {
		err = problem.New("not-found")
	}
	return held, record, err
}

// complaintReading is what a reader sees of a complaint.
type complaintReading struct {
	ID       uuid.UUID         `json:"id"`
	Category string            `json:"category"`
	OpenedAt time.Time         `json:"openedAt"`
	ClosedAt time.Time         `json:"closedAt,omitzero"`
	Fields   map[string]string `json:"fields"`
	Stored   []string          `json:"stored"`
	Due      string            `json:"due,omitempty"` // civil date from whose 00:00 it is gone; none while it is open
}

func (a *API) readComplaint(w http.ResponseWriter, r *http.Request) {
	held, record, err := a.openedComplaint(r, access.Read)
	a.answerOr(w, r, err, http.StatusOK, false, complaintReading{ID: held.ID, Category: held.Category, OpenedAt: record.StartedAt, ClosedAt: record.EndedAt,
		Fields: record.Fields, Stored: record.Stored, Due: held.DueOn.String()})
}

// closeComplaint closes a complaint with its answer.
func (a *API) closeComplaint(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Reason string `json:"reason"`
		At     string `json:"at"`
	}
	err := bodyInto(w, r, &said)
	var held store.Holding
	if err == nil {
		held, _, err = a.openedComplaint(r, access.Write)
	}
	if err == nil {
		caller, _ := bearer.From(r.Context())
		err = a.Complaints.Close(r.Context(), caller.Authority, held.ID, said.Reason, said.At)
	}
	a.answerOr(w, r, err, http.StatusOK, false, struct{}{})
}
