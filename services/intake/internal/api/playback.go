package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
)

// rights is the purpose of a customer who listens to her own recording.
const rights = "rights"

// recordingRules is what the pack of an authority says of recordings.
func (a *API) recordingRules(authority string) (policy.Recording, bool) {
	pack, ok := a.Rules.Packs.Pack(authority)
	if !ok {
		return policy.Recording{}, false
	}
	return pack.Recording()
}

// openedRecording is a recording of the caller's authority that the caller may do that with.
func (a *API) openedRecording(r *http.Request, action access.Action) (store.Recording, recordingReading, error) {
	held, record, err := a.openedTo(r, action, r.PathValue("id"))
	if err != nil {
		return store.Recording{}, recordingReading{}, err
	}
	caller, _ := bearer.From(r.Context())
	if rules, ok := a.recordingRules(caller.Authority); !ok || rules.Category != held.Category {
		return store.Recording{}, recordingReading{}, problem.New("not-found")
	}
	row, found, err := store.FindRecording(r.Context(), a.DB, caller.Authority, held.ID)
	if err == nil && !found {
		err = problem.New("gone")
	}
	if err != nil {
		return row, recordingReading{}, err
	}
	reasons, err := store.Extensions(r.Context(), a.DB, caller.Authority, held.ID)
	seen := recordingReading{ID: held.ID, Category: held.Category, Line: row.Line, StartedAt: row.StartedAt, EndedAt: row.EndedAt,
		AudioEndsMs: row.Cut, StoppedBecause: row.CutBecause, Fields: record.Fields, Stored: record.Stored, Due: held.DueOn, DueAt: held.DueAt, Held: held.Held,
		Extensions: []keptLonger{}}
	for _, e := range reasons {
		seen.Extensions = append(seen.Extensions, keptLonger{Reason: e.Reason, Until: e.UntilOn, EndedOn: e.EndedOn})
	}
	return row, seen, err
}

// recordingReading is what there is to see of a recording without playing it.
type recordingReading struct {
	ID             uuid.UUID         `json:"id"`
	Category       string            `json:"category"`
	Line           string            `json:"line"`
	StartedAt      time.Time         `json:"startedAt"`
	EndedAt        time.Time         `json:"endedAt,omitzero"` // not while the call goes on
	AudioEndsMs    *int64            `json:"audioEndsMs,omitempty"`
	StoppedBecause string            `json:"stoppedBecause,omitempty"`
	Fields         map[string]string `json:"fields"`
	Stored         []string          `json:"stored"`
	Due            calendar.Date     `json:"due,omitzero"` // civil date from whose 00:00 it is gone
	DueAt          *time.Time        `json:"dueAt,omitempty"`
	Held           bool              `json:"held,omitempty"`
	Extensions     []keptLonger      `json:"extensions"`
}

// keptLonger is a reason for which a recording is kept longer; EndedOn is missing while it stands.
type keptLonger struct {
	Reason  string        `json:"reason"`
	Until   calendar.Date `json:"until"`
	EndedOn calendar.Date `json:"endedOn,omitzero"`
}

// readRecording answers the index and the dates of a recording.
func (a *API) readRecording(w http.ResponseWriter, r *http.Request) {
	_, seen, err := a.openedRecording(r, access.Read)
	a.answerOr(w, r, err, http.StatusOK, false, seen)
}

// playRecording plays from an offset of the call on: for a complaint or for quality (KSC-06, KSC-07), or for the customer
// who has come to listen (KSC-29). There is no other way to the audio.
func (a *API) playRecording(w http.ResponseWriter, r *http.Request) {
	var from time.Duration
	var err error
	if text := r.URL.Query().Get("offset"); text != "" {
		from, err = recording.Offset(text)
	}
	var row store.Recording
	if err == nil {
		row, _, err = a.openedRecording(r, access.Play)
	}
	if err == nil {
		err = a.mayListen(r, row)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	tape, err := a.Recorder.Tape(r.Context(), row.Authority, row.ID, from)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", tape.Media)
	w.Header().Set("Content-Length", strconv.FormatInt(tape.Bytes, 10))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "inline")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := tape.Play(r.Context(), w); err != nil {
		a.Log.WarnContext(r.Context(), "playback broke off", "error", err.Error())
		panic(http.ErrAbortHandler) // the listener sees that it is not all
	}
}

func (a *API) mayListen(r *http.Request, row store.Recording) error {
	rules, _ := a.recordingRules(row.Authority)
	purpose := access.PurposeOf(r)
	if slices.Contains(rules.Purposes, purpose) {
		return nil
	}
	if purpose == rights {
		there, err := a.Recorder.Listens(r.Context(), row.Authority, row.ID)
		if err == nil && !there {
			err = problem.ByRule("forbidden", recording.ListeningRequirement)
		}
		return err
	}
	return problem.ByRule("forbidden", rules.PurposeRequirement)
}

// appointListening notes that the customer comes to an office to listen.
func (a *API) appointListening(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Place          string `json:"place"`
		IdentityProven bool   `json:"identityProven"`
		At             string `json:"at"`
	}
	err := bodyInto(w, r, &said)
	var row store.Recording
	if err == nil {
		row, _, err = a.openedRecording(r, access.Write)
	}
	var id uuid.UUID
	if err == nil {
		id, err = a.Recorder.Appoint(r.Context(), row.Authority, row.ID, recording.Appointment(said))
	}
	a.answerOr(w, r, err, http.StatusCreated, false, map[string]uuid.UUID{"id": id})
}
