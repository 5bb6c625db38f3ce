package api

import (
	"io"
	"net/http"
	"slices"

	"gallra.se/libs/policy"
	"gallra.se/libs/policy/notice"
	"gallra.se/libs/problem"
)

// notices adds what anybody may read before a contact, without saying who they are (AFC-30): the notice itself, and what the
// authority's registers and services are.
func (a *API) notices(mux *http.ServeMux) {
	mux.HandleFunc("GET /v1/notices/{authority}", a.notice)
	mux.HandleFunc("GET /v1/notices/{authority}/registers", a.registers)
	mux.HandleFunc("GET /v1/notices/{authority}/services/{service}", a.service)
}

// notice is the whole notice as Markdown, in the language asked for: sv (if none is named) or en. It is made from the pack in
// force, so that it says what the system does.
func (a *API) notice(w http.ResponseWriter, r *http.Request) {
	pack, err := a.published(r)
	lang := r.URL.Query().Get("lang")
	if lang == "" {
		lang = notice.Languages[0]
	}
	if err == nil && !slices.Contains(notice.Languages, lang) {
		err = problem.OnField("invalid-field", "lang")
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Header().Set("Content-Language", lang)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, notice.Markdown(pack, lang))
}

type registerView struct {
	Name       string       `json:"name"`
	Title      policy.Title `json:"title"`
	Categories []string     `json:"categories"`
}

type registersView struct {
	Controller    string         `json:"controller"`
	Registers     []registerView `json:"registers"`
	NoticeVersion string         `json:"noticeVersion"`
	NoticeURL     string         `json:"noticeUrl"`
}

// registers lists the stores with clocks of their own that the notice names (KSC-04).
func (a *API) registers(w http.ResponseWriter, r *http.Request) {
	pack, err := a.published(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	seen := registersView{Controller: pack.Controller, Registers: []registerView{}, NoticeVersion: pack.Notice.Version, NoticeURL: pack.Notice.URL}
	for _, one := range pack.Registers() {
		seen.Registers = append(seen.Registers, registerView{one.Name, one.Title, one.Categories})
	}
	answer(w, http.StatusOK, seen)
}

type serviceView struct {
	Name          string       `json:"name"`
	Title         policy.Title `json:"title"`
	Controller    string       `json:"controller"`
	LegalBasis    []string     `json:"legalBasis"`
	Fields        []string     `json:"fields"`
	Recipients    []string     `json:"recipients"`
	NoticeVersion string       `json:"noticeVersion"`
	NoticeURL     string       `json:"noticeUrl"`
}

// service is the notice of one service: what it collects, by which law and who gets it (STH-07, STH-12, STH-16).
func (a *API) service(w http.ResponseWriter, r *http.Request) {
	pack, err := a.published(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	one, ok := pack.Service(r.PathValue("service"))
	if !ok {
		a.fail(w, r, problem.New("not-found"))
		return
	}
	answer(w, http.StatusOK, serviceView{one.Name, one.Title, pack.Controller, one.LegalBasis, one.Fields, append([]string{}, one.Recipients...),
		pack.Notice.Version, pack.Notice.URL})
}

// published is the pack of the authority in the path.
func (a *API) published(r *http.Request) (*policy.Pack, error) {
	pack, ok := a.Rules.Packs.Pack(r.PathValue("authority"))
	if !ok {
		return nil, problem.New("not-found")
	}
	return pack, nil
}
