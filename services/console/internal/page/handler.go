package page

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"time"

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

// Routes adds the page and its style sheet. Both are for anybody: there is nothing on them but counts.
func (p *Pages) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", p.board)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) {
		secure(w)
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(style)
	})
}

func (p *Pages) board(w http.ResponseWriter, r *http.Request) {
	secure(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept-Language")
	t := textsFor(r)
	w.Header().Set("Content-Language", t.Tag)
	if err := Page(t, p.look(r.Context())).Render(r.Context(), w); err != nil {
		p.Log.WarnContext(r.Context(), "page not sent", "error", err.Error())
	}
}

// look gathers what can be had; what is missing is shown as missing.
func (p *Pages) look(ctx context.Context) View {
	v := View{Now: p.Clock.Now(), Simulated: p.Clock.Simulated(), Zone: p.zone()}
	var said board.Said
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		said.Rows, said.NoRows = p.rows(ctx)
	}()
	answers, silent := p.Ask.Summaries(ctx)
	<-answered
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
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
}
