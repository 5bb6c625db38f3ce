package api

import (
	"net/http"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/libs/door"
	"gallra.se/libs/pg"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/webvisit"
)

// counted is what a web server hears.
type counted struct {
	Stored        []string `json:"stored"`
	Dropped       []string `json:"dropped"`
	NoticeVersion string   `json:"noticeVersion"`
	NoticeURL     string   `json:"noticeUrl"`
}

// viewed counts a page view of somebody who chose all cookies, and forgets the rest of it.
func (a *API) viewed(w http.ResponseWriter, r *http.Request) {
	heard, err := a.countView(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusAccepted, heard)
}

func (a *API) countView(w http.ResponseWriter, r *http.Request) (heard counted, err error) {
	authority, err := channelOf(r)
	if err != nil {
		return heard, err
	}
	body, err := door.Body(w, r)
	if err != nil {
		return heard, err
	}
	given, err := webvisit.Read(body)
	if err != nil {
		return heard, err
	}
	pack, ok := a.Rules.Packs.Pack(authority)
	if !ok {
		return heard, problem.New("unknown-authority")
	}
	view, err := given.Judge(pack, a.Business.Now())
	if err != nil {
		return heard, err
	}
	heard = counted{view.Stored, view.Dropped, pack.Notice.Version, pack.Notice.URL}
	if len(view.Figures) == 0 {
		return heard, nil
	}
	return heard, pg.Tx(r.Context(), a.DB, func(tx pgx.Tx) error {
		return store.AddFigures(r.Context(), tx, authority, view.Figures)
	})
}

// figures lists what was counted on a day: ?day=YYYY-MM-DD.
func (a *API) figures(w http.ResponseWriter, r *http.Request) {
	caller, _ := bearer.From(r.Context())
	day, err := calendar.ParseDate(r.URL.Query().Get("day"))
	if err != nil {
		a.fail(w, r, problem.OnField("invalid-field", "day"))
		return
	}
	if !caller.Has("statistics-officer") && !caller.Has("dpo") {
		a.fail(w, r, problem.New("forbidden"))
		return
	}
	all, err := store.WebFigures(r.Context(), a.DB, caller.Authority, day)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Figures []store.WebFigure `json:"figures"`
	}{all})
}
