package page

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"

	"gallra.se/libs/clock"
	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/ask"
	"gallra.se/services/console/internal/board"
	"gallra.se/services/console/internal/summary"
)

//go:embed style.css
var style []byte

// Pages is what the handlers need.
type Pages struct {
	Ask    *ask.Asker
	Policy *policy.Set
	Clock  clock.Business
	Log    *slog.Logger
}

// Routes adds the pages and their style sheet. They are for anybody: there is nothing on them but ids, counts and dates.
func (p *Pages) Routes(mux *http.ServeMux) {
	for pattern, page := range map[string]func(*http.Request, Texts) (int, templ.Component){
		"GET /{$}":          p.board,
		"GET /records":      p.lookup,
		"GET /records/{id}": p.record,
		"GET /calendar":     p.calendar,
		"GET /holds":        p.holds,
		"GET /alarms":       p.alarms,
		"GET /reviews":      p.reviews,
		"GET /policy":       p.policy,
	} {
		mux.Handle(pattern, p.showing(page))
	}
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) {
		secure(w)
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(style)
	})
}

func (p *Pages) showing(page func(*http.Request, Texts) (int, templ.Component)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := TextsFor(r)
		status, body := page(r, t)
		if err := Show(w, r, t, status, body); err != nil {
			p.Log.WarnContext(r.Context(), "page not sent", "error", err.Error())
		}
	})
}

// Show answers with a page.
func Show(w http.ResponseWriter, r *http.Request, t Texts, status int, body templ.Component) error {
	secure(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept-Language")
	w.Header().Set("Content-Language", t.Tag)
	w.WriteHeader(status)
	return body.Render(r.Context(), w)
}

func (p *Pages) board(r *http.Request, t Texts) (int, templ.Component) {
	return http.StatusOK, boardPage(t, p.frame(r, t), p.look(r.Context()))
}

// look gathers what can be had; what is missing is shown as missing.
func (p *Pages) look(ctx context.Context) View {
	var v View
	var said board.Said
	var both sync.WaitGroup
	both.Go(func() { said.Rows, said.NoRows = p.rows(ctx) })
	both.Go(func() { p.followAsked(ctx) })
	answers, silent := p.Ask.Summaries(ctx)
	both.Wait()
	s, err := summary.Merge(answers)
	if err != nil {
		p.Log.WarnContext(ctx, "unreadable summary", "error", err.Error())
	}
	if counts := s.Statistics; len(counts) > 0 {
		said.Statistics = &board.Statistics{Present: counts["present"], Disposed: counts["disposed"], Overdue: counts["overdue"],
			NextDue: s.StatisticsNextDue}
	}
	v.Board, v.Summary, v.Silent = board.Build(p.Policy, said), s, silent
	return v
}

func (p *Pages) rows(ctx context.Context) (rows []board.Row, silent bool) {
	rows, err := p.Ask.Board(ctx)
	if err != nil {
		p.Log.WarnContext(ctx, "no promise board", "error", err.Error())
	}
	return rows, err != nil
}

// zone is that of the first authority; where there is none, UTC.
func (p *Pages) zone() *time.Location {
	for _, name := range p.Policy.Authorities() {
		pack, _ := p.Policy.Pack(name)
		return pack.Zone
	}
	return time.UTC
}

// secure: no script, no frame, nothing from elsewhere.
func secure(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // a form of ours is known to come from here; nobody else hears an address
}
