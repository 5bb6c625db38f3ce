package page

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"gallra.se/libs/clock"
)

// Frame is what every page has around it.
type Frame struct {
	Path      string // of the page, without its query
	Language  string // that was asked for in the address; empty: the browser's
	Now       time.Time
	Simulated bool
	Zone      *time.Location
	Inside    *Inside // nil for the pages that need no login
}

// Inside is who is logged in, and where they may go.
type Inside struct {
	Name, Controller string
	Places           []Place
}

// Place is an entry of the navigation; pages under its path belong to it.
type Place struct{ Path, Name string }

func (f Frame) places(t Texts) []Place {
	if f.Inside != nil {
		return f.Inside.Places
	}
	return []Place{{"/", t.Title}, {"/records", t.Record.Nav}, {"/calendar", t.Calendar.Nav}, {"/holds", t.Holds.Nav}, {"/alarms", t.Alarms.Nav},
		{"/reviews", t.Reviews.Nav}, {"/policy", t.Policy.Nav}, {"/verify", t.Receipts}}
}

func (p *Pages) frame(r *http.Request, t Texts) Frame {
	return FrameOf(r, t, p.Clock, p.zone())
}

// FrameOf is the frame of a request's page, with times in a zone.
func FrameOf(r *http.Request, t Texts, c clock.Business, zone *time.Location) Frame {
	f := Frame{Path: r.URL.Path, Now: c.Now(), Simulated: c.Simulated(), Zone: zone}
	if r.URL.Query().Get("lang") == t.Tag {
		f.Language = t.Tag
	}
	return f
}

// To is a link that keeps the language that was asked for.
func (f Frame) To(path string) string { return f.to(path) }

func (f Frame) to(path string) string {
	if f.Language == "" {
		return path
	}
	if strings.Contains(path, "?") {
		return path + "&lang=" + f.Language
	}
	return path + "?lang=" + f.Language
}

// current marks the entry under which the page is.
func (f Frame) current(p Place) templ.Attributes {
	if f.place(p) {
		return templ.Attributes{"aria-current": "page"}
	}
	return templ.Attributes{}
}

// place says whether the page is under an entry, and under no other that says more.
func (f Frame) place(p Place) bool {
	if f.Path == p.Path {
		return true
	}
	return p.Path != "/" && p.Path != Officers && strings.HasPrefix(f.Path, p.Path+"/")
}

// Officers is where the pages of those who are logged in begin.
const Officers = "/officer"

// Instant and Local are the business time of the figures.
func (f Frame) Instant() string { return f.Now.UTC().Format(time.RFC3339) }
func (f Frame) Local() string   { return f.local(f.Now) }

// LocalOf and DayOf are an instant as people read it, in the frame's zone.
func (f Frame) LocalOf(at time.Time) string { return f.local(at) }
func (f Frame) DayOf(at time.Time) string   { return f.on(at) }

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
