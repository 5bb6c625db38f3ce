package page

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// Frame is what every page has around it.
type Frame struct {
	Path      string // of the page, without its query
	Language  string // that was asked for in the address; empty: the browser's
	Now       time.Time
	Simulated bool
	Zone      *time.Location
}

// place is an entry of the navigation; pages under its path belong to it.
type place struct{ path, name string }

func places(t Texts) []place {
	return []place{{"/", t.Title}, {"/records", t.Record.Nav}, {"/calendar", t.Calendar.Nav}, {"/holds", t.Holds.Nav}, {"/alarms", t.Alarms.Nav},
		{"/reviews", t.Reviews.Nav}, {"/policy", t.Policy.Nav}}
}

func (p *Pages) frame(r *http.Request, t Texts) Frame {
	f := Frame{Path: r.URL.Path, Now: p.Clock.Now(), Simulated: p.Clock.Simulated(), Zone: p.zone()}
	if r.URL.Query().Get("lang") == t.Tag {
		f.Language = t.Tag
	}
	return f
}

// to is a link that keeps the language that was asked for.
func (f Frame) to(path string) string {
	if f.Language == "" {
		return path
	}
	return path + "?lang=" + f.Language
}

// current marks the entry under which the page is.
func (f Frame) current(p place) templ.Attributes {
	if f.Path == p.path || p.path != "/" && strings.HasPrefix(f.Path, p.path+"/") {
		return templ.Attributes{"aria-current": "page"}
	}
	return templ.Attributes{}
}

// Instant and Local are the business time of the figures.
func (f Frame) Instant() string { return f.Now.UTC().Format(time.RFC3339) }
func (f Frame) Local() string   { return f.local(f.Now) }

func (f Frame) local(at time.Time) string { return at.In(f.Zone).Format("2006-01-02 15:04") }

// civil is the day of an instant, or the day itself.
func (f Frame) civil(text string) string {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return f.on(at)
	}
	return text
}

// on is the civil day of an instant.
func (f Frame) on(at time.Time) string { return at.In(f.Zone).Format(time.DateOnly) }
