package api

import (
	"net/http"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/libs/problem"
)

// extending is what somebody asks for who needs a recording longer.
type extending struct {
	Reason string `json:"reason"`
	Until  string `json:"until"` // civil date: the last day
}

// extended is the answer: the last day, which the ceiling may have set earlier.
type extended struct {
	ExtendedTo calendar.Date `json:"extendedTo"`
}

// extendRecording keeps one recording longer.
func (a *API) extendRecording(w http.ResponseWriter, r *http.Request) {
	var said extending
	err := bodyInto(w, r, &said)
	var out extended
	if err == nil {
		out.ExtendedTo, err = a.extend(withPurpose(r, said.Reason), said)
	}
	a.answerOr(w, r, err, http.StatusCreated, false, out)
}

func (a *API) extend(r *http.Request, said extending) (through calendar.Date, err error) {
	until, err := calendar.ParseDate(said.Until)
	if err != nil {
		return through, problem.OnField("invalid-time", "until")
	}
	row, _, err := a.openedRecording(r, access.Write)
	if err != nil {
		return through, err
	}
	return a.Recorder.Extend(r.Context(), row.Authority, row.ID, said.Reason, until)
}

// withPurpose gives a request that says for what it is made in its body that purpose, unless it bears one.
func withPurpose(r *http.Request, purpose string) *http.Request {
	if access.PurposeOf(r) == "" {
		r = r.Clone(r.Context())
		r.Header.Set(access.PurposeHeader, purpose)
	}
	return r
}

// extendRecordings refuses whoever wants several kept at once: a recording is extended by itself, for its own reason
// (KSC-14). One that comes alone is taken.
func (a *API) extendRecordings(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Recordings []string `json:"recordings"`
		Bulk       bool     `json:"bulk"`
		Reason     string   `json:"reason"`
		Until      string   `json:"until"`
	}
	err := bodyInto(w, r, &said)
	var out extended
	switch {
	case err != nil:
	case said.Bulk || len(said.Recordings) != 1:
		caller, _ := bearer.From(r.Context())
		rules, _ := a.recordingRules(caller.Authority)
		err = problem.ByRule("invalid-field", rules.ExtensionRequirement)
	default:
		r = withPurpose(r, said.Reason)
		r.SetPathValue("id", said.Recordings[0])
		out.ExtendedTo, err = a.extend(r, extending{Reason: said.Reason, Until: said.Until})
	}
	a.answerOr(w, r, err, http.StatusCreated, false, out)
}

// endExtension ends the reason in the query, or all.
func (a *API) endExtension(w http.ResponseWriter, r *http.Request) {
	reason := r.URL.Query().Get("reason")
	row, _, err := a.openedRecording(r, access.Write)
	if err == nil {
		err = a.Recorder.EndReason(r.Context(), row.Authority, row.ID, reason)
	}
	a.answerOr(w, r, err, http.StatusOK, false, struct{}{})
}
