package page

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"gallra.se/services/console/internal/ask"
	"gallra.se/services/console/internal/duecalendar"
	"gallra.se/services/console/internal/rulebook"
	"gallra.se/services/console/internal/standing"
)

// lookup asks for an id, and shows the record where it has one: a form without a script cannot make an address.
func (p *Pages) lookup(r *http.Request, t Texts) (int, templ.Component) {
	id := strings.ToLower(strings.TrimSpace(r.URL.Query().Get("id")))
	if id == "" {
		return http.StatusOK, lookupPage(t, p.frame(r, t))
	}
	return p.recordOf(r, t, id)
}

func (p *Pages) record(r *http.Request, t Texts) (int, templ.Component) {
	return p.recordOf(r, t, r.PathValue("id"))
}

func (p *Pages) recordOf(r *http.Request, t Texts, id string) (int, templ.Component) {
	f := p.frame(r, t)
	f.Path = "/records/" + url.PathEscape(id)
	found, err := p.Ask.Timeline(r.Context(), id)
	switch {
	case errors.Is(err, ask.ErrUnknown):
		f.Path = "/records"
		return http.StatusNotFound, unknownPage(t, f, id)
	case err != nil:
		p.Log.WarnContext(r.Context(), "no timeline", "error", err.Error())
		return http.StatusServiceUnavailable, silentRecordPage(t, f, id)
	}
	pack, known := p.Policy.Pack(found.Authority)
	if known {
		f.Zone = pack.Zone
	}
	return http.StatusOK, recordPage(t, f, viewOf(found, pack, f.Now, f.Zone))
}

func (p *Pages) calendar(r *http.Request, t Texts) (int, templ.Component) {
	f := p.frame(r, t)
	lines, silent := asked(p, r, "calendar", p.Ask.Calendar)
	v := CalendarView{Controllers: map[string]string{}, Silent: silent}
	if !silent {
		v.Calendar = duecalendar.Build(p.Policy.Authorities(), lines, f.Now.In(f.Zone).Format("2006-01"))
	}
	for _, name := range p.Policy.Authorities() {
		pack, _ := p.Policy.Pack(name)
		v.Controllers[name] = pack.Controller
	}
	return answered(silent), calendarPage(t, f, v)
}

func (p *Pages) holds(r *http.Request, t Texts) (int, templ.Component) {
	f := p.frame(r, t)
	holds, silent := asked(p, r, "holds", p.Ask.Holds)
	return answered(silent), holdsPage(t, f, HoldsView{standing.Holds(holds, f.Now), silent})
}

func (p *Pages) alarms(r *http.Request, t Texts) (int, templ.Component) {
	alarms, silent := asked(p, r, "alarms", p.Ask.Alarms)
	return answered(silent), alarmsPage(t, p.frame(r, t), AlarmsView{standing.Alarms(alarms), silent})
}

func (p *Pages) reviews(r *http.Request, t Texts) (int, templ.Component) {
	reviews, silent := asked(p, r, "reviews", p.Ask.Reviews)
	return answered(silent), reviewsPage(t, p.frame(r, t), ReviewsView{standing.Reviews(reviews), silent})
}

// policy shows the rules that this instance knows also when nobody tells which have been put into force.
func (p *Pages) policy(r *http.Request, t Texts) (int, templ.Component) {
	f := p.frame(r, t)
	said, silent := asked(p, r, "policies", p.Ask.Policies)
	p.follow(r.Context(), said)
	return answered(silent), policyPage(t, f, PolicyView{rulebook.Build(p.Policy, said, f.Now), silent})
}

// asked is an answer, or that there is none; the reason goes to the log.
func asked[T any](p *Pages, r *http.Request, what string, question ask.Question[T]) (answer T, silent bool) {
	answer, err := question(r.Context())
	if err != nil {
		p.Log.WarnContext(r.Context(), "no "+what, "error", err.Error())
	}
	return answer, err != nil
}

func answered(silent bool) int {
	if silent {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}
