package officer

import (
	"net/http"
	"strings"

	"gallra.se/libs/calendar"

	"gallra.se/services/console/internal/login"
)

// start says who is logged in and asks what they are about to do.
func (p *Pages) start(v visit) answer {
	return shown(startPage(v.t, v.f, startView{visit: v, To: local(v.r.URL.Query().Get("to")), Bound: v.o.Bound(today(v)), Taught: v.o.Taught(today(v))}))
}

type startView struct {
	visit
	To            string // where the officer was going; empty: nowhere
	Bound, Taught bool
}

// choose keeps a purpose for the session.
func (p *Pages) choose(v visit) answer {
	purpose := v.r.PostForm.Get("purpose")
	if !v.purposed(purpose) {
		return answer{status: http.StatusBadRequest, body: troublePage(v.t, v.f, v.t.Unreadable, v.t.Start.Choose)}
	}
	p.Sessions.Choose(v.r.Context(), purpose)
	if to := local(v.r.PostForm.Get("to")); to != "" {
		return sent(to)
	}
	return sent("/officer/find")
}

// local keeps to the officers' pages.
func local(to string) string {
	if !strings.HasPrefix(to, login.Start+"/") || strings.ContainsAny(to, "\\\r\n?#") || strings.Contains(to, "//") {
		return ""
	}
	return to
}

func today(v visit) calendar.Date { return calendar.DateOf(v.f.Now, v.pack.Zone) }
