package officer

import (
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"gallra.se/libs/clock"
	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/behalf"
	"gallra.se/services/console/internal/login"
	"gallra.se/services/console/internal/page"
)

// Pages is what the handlers need.
type Pages struct {
	Door     *login.Door
	Sessions *login.Sessions
	Caller   *behalf.Caller
	Policy   *policy.Set
	Clock    clock.Business
	Log      *slog.Logger
}

// visit is one request of an officer.
type visit struct {
	r       *http.Request
	t       Texts
	f       page.Frame
	o       login.Officer
	pack    *policy.Pack
	purpose string // chosen in this session; empty before that
	voice   behalf.Voice
}

// answer is a page, or where to go instead.
type answer struct {
	status int
	body   templ.Component
	to     string
}

func shown(body templ.Component) answer { return answer{status: http.StatusOK, body: body} }
func sent(to string) answer             { return answer{to: to} }

// Routes adds the pages. Behind a session are all of them; behind a login all but those that lead to it.
func (p *Pages) Routes(mux *http.ServeMux) {
	for pattern, serve := range map[string]func(visit) answer{
		"GET /officer":                   p.start,
		"POST /officer/purpose":          p.choose,
		"GET /officer/find":              needing(p.ask),
		"POST /officer/find":             p.find,
		"GET /officer/persons/{id}":      needing(p.person),
		"GET /officer/cases/{id}":        needing(p.casefile),
		"POST /officer/cases/{id}":       needing(p.write),
		"GET /officer/access-log/{id}":   needing(p.looks),
		"GET /officer/protections":       p.protections,
		"POST /officer/protections/mark": p.mark,
		"POST /officer/protections/lift": p.lift,
		"POST /officer/protections/plan": p.plan,
		"GET /officer/review":            needing(p.review),
	} {
		mux.Handle(pattern, p.guarded(p.inside(serve)))
	}
	mux.Handle("GET /officer/", p.guarded(p.inside(func(v visit) answer { return v.trouble(http.StatusNotFound) })))
	mux.Handle("GET /login", p.guarded(p.begin))
	mux.Handle("GET "+login.CallbackPath, p.guarded(p.finish))
	mux.Handle("POST /logout", p.guarded(p.leave))
	mux.Handle("GET /logged-out", p.guarded(p.left))
}

// mostForm is how many bytes of a form are read.
const mostForm = 256 << 10

// guarded refuses what another site has sent, and gives the session.
func (p *Pages) guarded(next http.HandlerFunc) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := textsFor(r)
		p.show(w, r, t, http.StatusForbidden, troublePage(t, p.outside(r, t), t.Foreign, t.ForeignLead))
	}))
	return p.Sessions.Around(cross.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		next(w, r)
	})))
}

// inside lets officers in and sends others to the login.
func (p *Pages) inside(serve func(visit) answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t := textsFor(r)
		o, ok := p.Sessions.Officer(r.Context())
		pack, known := p.Policy.Pack(o.Authority)
		if !ok || !known {
			p.toLogin(w, r, t)
			return
		}
		if err := r.ParseForm(); err != nil {
			p.show(w, r, t, http.StatusBadRequest, troublePage(t, p.outside(r, t), t.Unreadable, t.UnreadableLead))
			return
		}
		v := visit{r: r, t: t, o: o, pack: pack, purpose: p.Sessions.Purpose(r.Context()), f: page.FrameOf(r, t.Page, p.Clock, pack.Zone)}
		v.f.Inside = &page.Inside{Name: o.Display, Controller: pack.Controller, Places: places(t, o)}
		v.voice = p.Caller.For(o, v.purpose, pack.Zone)
		a := serve(v)
		if a.to != "" {
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, v.f.To(a.to), http.StatusSeeOther)
			return
		}
		p.show(w, r, t, a.status, a.body)
	}
}

// needing asks for a purpose before anything is read: without one no service answers.
func needing(serve func(visit) answer) func(visit) answer {
	return func(v visit) answer {
		if v.purpose == "" {
			return sent(login.Start + "?to=" + escape(v.r.URL.Path))
		}
		return serve(v)
	}
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, t Texts, status int, body templ.Component) {
	if err := page.Show(w, r, t.Page, status, body); err != nil {
		p.Log.WarnContext(r.Context(), "page not sent", "route", r.Pattern, "error", err.Error())
	}
}

// outside is the frame of a page for nobody in particular.
func (p *Pages) outside(r *http.Request, t Texts) page.Frame {
	return page.FrameOf(r, t.Page, p.Clock, zoneOf(p.Policy))
}

func zoneOf(set *policy.Set) *time.Location {
	for _, name := range set.Authorities() {
		pack, _ := set.Pack(name)
		return pack.Zone
	}
	return time.UTC
}

// places are the entries of the navigation that an officer has use for; who may do what is the services' to decide.
func places(t Texts, o login.Officer) []page.Place {
	all := []page.Place{{Path: login.Start, Name: t.Start.Nav}, {Path: "/officer/find", Name: t.Find.Nav}}
	if o.Appointed {
		all = append(all, page.Place{Path: "/officer/protections", Name: t.Protect.Nav})
	}
	if o.Has("dpo", "records-manager") {
		all = append(all, page.Place{Path: "/officer/review", Name: t.Review.Nav})
	}
	return append(all, page.Place{Path: "/", Name: t.Page.Title})
}

// purposes are those for which an officer's roles may read.
func (v visit) purposes() []policy.Purpose {
	access := v.pack.Access()
	var all []policy.Purpose
	for _, purpose := range access.Purposes {
		if slices.ContainsFunc(access.Roles, func(r policy.RoleAccess) bool {
			return v.o.Has(r.Role) && slices.Contains(r.Purposes, purpose.Name)
		}) {
			all = append(all, purpose)
		}
	}
	return all
}

// purposed says whether a purpose is one of the officer's.
func (v visit) purposed(name string) bool {
	return slices.ContainsFunc(v.purposes(), func(p policy.Purpose) bool { return p.Name == name })
}
