package reference

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"

	"gallra.se/libs/bearer"
	"gallra.se/services/retention-timer/internal/api"
)

// ask asks the service, as an officer does, until when a record of some life is kept, and why.
func (w *world) ask() {
	l := w.lives[w.within(0, len(w.lives)-1, "life asked about")]
	l.look(w)
	records := map[string][]string{} // units by record
	for _, id := range l.units() {
		for _, record := range l.r.units[id].records {
			records[record] = append(records[record], id)
		}
	}
	for record, units := range records {
		if len(units) > 1 || l.x[units[0]].state == "gone" {
			continue // of a shared record the answer is about the share that lasts longest
		}
		if got, want := w.retention(record), w.answered(l, record, units[0]); !got.equal(want) {
			w.fail("%s: asked for %s\n answer %+v\n model  %+v", w.now, record, got, want)
		}
		census.add("asked for a record")
	}
}

// answer is the part of the service's answer that the notices decide.
type answer struct {
	state, rule, due, normal, ceiling, statutory, floor string
	paused                                              []string
	preserved, silent                                   bool
}

func (a answer) equal(b answer) bool {
	same := slices.Equal(a.paused, b.paused)
	a.paused, b.paused = nil, nil
	return same && a.line() == b.line()
}

func (a answer) line() [9]any {
	return [9]any{a.state, a.rule, a.due, a.normal, a.ceiling, a.statutory, a.floor, a.preserved, a.silent}
}

func (w *world) retention(record string) answer {
	mux := http.NewServeMux()
	(&api.API{DB: w.bed.DB, Policy: w.bed.Desk.Policy, Clock: w.bed.Now}).Routes(mux, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(rw, r.WithContext(bearer.With(r.Context(), bearer.Claims{Authority: w.policy.name, Roles: []string{"case-officer"}})))
		})
	})
	rw := httptest.NewRecorder()
	mux.ServeHTTP(rw, httptest.NewRequest(http.MethodGet, "/v1/retention/"+number(record).String(), nil))
	var said api.Retention
	if err := json.Unmarshal(rw.Body.Bytes(), &said); err != nil || rw.Code != http.StatusOK {
		w.fail("asked for %s: %d %s", record, rw.Code, rw.Body)
	}
	slices.Sort(said.Paused)
	return answer{said.State, said.Rule, said.Due, said.Limits.Normal, said.Limits.Ceiling, said.Limits.Statutory, said.Floor,
		said.Paused, said.Preserved, said.Silence != ""}
}

func (w *world) answered(l *life, record, unit string) answer {
	x, u := l.x[unit], l.r.units[unit]
	paused := []string{}
	for _, h := range l.r.holds {
		if !h.released && l.r.covers(h, u) && (h.scope != "record" || h.target == record) {
			paused = append(paused, map[string]string{"document-request": "documentRequest", "restriction": "restriction"}[h.reason])
		}
	}
	for i, reason := range paused {
		if reason == "" {
			paused[i] = "hold"
		}
	}
	if len(paused) == 0 && len(x.paused) > 0 {
		paused = append(paused, "hold") // on another record of the unit
	}
	if open := u.share != "" && l.r.shares[u.share].closedOn.none(); open && !l.r.persons[u.person].registered && x.state == "idle" {
		paused = append(paused, "openCase")
	}
	slices.Sort(paused)
	preserved := u.category == "case.document" && w.policy.caseType(u.caseType).preserved
	return answer{x.state, x.rule, x.due.String(), x.normal.String(), x.ceiling.String(), x.statutory.String(), x.floor.String(),
		paused, preserved, !preserved && l.r.silent(u)}
}

// silent says that the notice names such records and gives them no period.
func (r register) silent(u *unit) bool {
	switch {
	case u.share != "":
		return r.policy.caseType(u.caseType).closed.requirement == ""
	case u.category == "person.identity":
		return r.policy.identity.requirement == ""
	}
	return r.policy.contacts[u.category].requirement == ""
}
