package officer

import (
	"errors"
	"net/http"
	"net/url"

	"gallra.se/services/console/internal/login"
)

// toLogin sends a reader to the login, and back afterwards; what was being sent is lost and said to be.
func (p *Pages) toLogin(w http.ResponseWriter, r *http.Request, t Texts) {
	if r.Method != http.MethodGet {
		p.show(w, r, t, http.StatusForbidden, loginPage(t, p.outside(r, t), t.Login.Over, t.Login.OverLead, true))
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, p.outside(r, t).To("/login?to="+escape(r.URL.Path)), http.StatusSeeOther)
}

// begin sends the browser to the OpenID provider.
func (p *Pages) begin(w http.ResponseWriter, r *http.Request) {
	t := textsFor(r)
	if base, elsewhere := p.Door.Elsewhere(r.Host); elsewhere {
		http.Redirect(w, r, base+r.URL.RequestURI(), http.StatusSeeOther)
		return
	}
	to, err := p.Door.Begin(r.Context(), r.URL.Query().Get("to"))
	if err != nil {
		p.refuseLogin(w, r, t, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// finish hears the OpenID provider's answer.
func (p *Pages) finish(w http.ResponseWriter, r *http.Request) {
	to, err := p.Door.Finish(r.Context(), r.URL.Query())
	if err != nil {
		p.refuseLogin(w, r, textsFor(r), err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// refuseLogin says what is wrong. Only a provider that is away is told to the operator: an account's mishaps are its own.
func (p *Pages) refuseLogin(w http.ResponseWriter, r *http.Request, t Texts, err error) {
	status, title, lead := http.StatusBadRequest, t.Login.Failed, t.Login.Repeated
	var account login.ErrAccount
	switch {
	case errors.Is(err, login.ErrNotConfigured):
		status, title, lead = http.StatusServiceUnavailable, t.Login.None, t.Login.NoneLead
	case errors.Is(err, login.ErrUnavailable):
		status, lead = http.StatusServiceUnavailable, t.Login.Away
		p.Log.WarnContext(r.Context(), "the OpenID provider does not answer")
	case errors.Is(err, login.ErrRepeated):
	case errors.Is(err, login.ErrForged):
		lead = t.Login.Forged
	case errors.Is(err, login.ErrRefused):
		status, lead = http.StatusForbidden, t.Login.Refused
	case errors.As(err, &account):
		status, lead = http.StatusForbidden, t.Login.Accounts[account.Why]
	default:
		status, lead = http.StatusInternalServerError, t.Login.Away
		p.Log.ErrorContext(r.Context(), "login failed", "error", err.Error())
	}
	p.show(w, r, t, status, loginPage(t, p.outside(r, t), title, lead, status != http.StatusServiceUnavailable))
}

// leave ends the session.
func (p *Pages) leave(w http.ResponseWriter, r *http.Request) {
	t := textsFor(r)
	if err := p.Sessions.End(r.Context()); err != nil {
		p.Log.ErrorContext(r.Context(), "session not ended", "error", err.Error())
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(w, r, p.outside(r, t).To("/logged-out"), http.StatusSeeOther)
}

func (p *Pages) left(w http.ResponseWriter, r *http.Request) {
	t := textsFor(r)
	p.show(w, r, t, http.StatusOK, loginPage(t, p.outside(r, t), t.Login.Out, t.Login.OutLead, true))
}

func escape(path string) string { return url.QueryEscape(path) }
