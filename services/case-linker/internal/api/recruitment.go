package api

import (
	"net/http"

	"github.com/google/uuid"

	"gallra.se/libs/access"
	"gallra.se/libs/bearer"
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// channelRole is borne by what hands in on behalf of the persons themselves, such as the application form.
const channelRole = "channel"

// newPaper is the body of POST /v1/cases/{id}/papers.
type newPaper struct {
	whose
	Kind      string `json:"kind"`
	TakenAt   string `json:"takenAt"` // a test: the day, in the authority's zone
	Result    string `json:"result"`  // of a test
	Text      string `json:"text"`    // of any other paper
	Processor string `json:"processor"`
}

// madePaper is the answer, with the notice that the applicant was pointed to.
type madePaper struct {
	ID            uuid.UUID `json:"id"`
	NoticeVersion string    `json:"noticeVersion"`
	NoticeURL     string    `json:"noticeUrl"`
}

// handIn answers POST /v1/cases/{id}/papers {person: {nationalId} or share, kind, takenAt, result or text, processor} with
// 201 {id}: a paper of a recruitment, which goes with the case (AFG-42).
func (a *API) handIn(w http.ResponseWriter, r *http.Request) {
	var said newPaper
	id, err := a.body(w, r, &said)
	claims, _ := bearer.From(r.Context())
	pack, known := a.Desk.Rules.Packs.Pack(claims.Authority)
	if err == nil && !known {
		err = problem.New("not-found")
	}
	var paper casework.Paper
	if err == nil {
		paper, err = said.paper(pack.Today(a.Clock.Now()))
	}
	if err == nil {
		paper.Authority, paper.Case, paper.By = claims.Authority, id, claims
		err = a.mayRecruit(r, pack, id, said.Kind, said.Processor)
	}
	var made uuid.UUID
	if err == nil {
		made, err = a.Desk.HandIn(r.Context(), paper)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusCreated, madePaper{made, pack.Notice.Version, pack.Notice.URL})
}

// mayRecruit lets the application form hand applications in, a processor its own kind, and for the rest who recruits.
func (a *API) mayRecruit(r *http.Request, pack *policy.Pack, id uuid.UUID, kind, processor string) error {
	claims, _ := bearer.From(r.Context())
	if err := casework.MayHandIn(pack, claims, kind, processor); err != nil {
		return err
	}
	if claims.Has(casework.Processor) || claims.Has(channelRole) && kind == casework.KindApplication && processor == "" {
		return nil
	}
	return a.recruits(r, id)
}

// recruits lets only those act who may write in recruitments, for that purpose.
func (a *API) recruits(r *http.Request, id uuid.UUID) error {
	claims, _ := bearer.From(r.Context())
	if _, err := a.Desk.TypeOf(r.Context(), claims.Authority, id); err != nil {
		return a.unknown(r, access.Write, id, err)
	}
	if access.PurposeOf(r) == "" {
		r.Header.Set(access.PurposeHeader, "recruitment") // what else the route could be for
	}
	return a.admit(r, access.Write, casework.Seen{Record: id, Category: store.CategoryDocument, CaseType: line.Recruitment, Case: id})
}

func (s newPaper) paper(today calendar.Date) (p casework.Paper, err error) {
	p = casework.Paper{Kind: s.Kind, Text: s.Text, Processor: s.Processor}
	if p.Whose, err = s.called(); err != nil {
		return p, err
	}
	if s.Kind == "" {
		return p, problem.OnField("missing-field", "kind")
	}
	if s.Kind == casework.KindTest {
		return s.test(p, today)
	}
	switch {
	case s.TakenAt != "":
		return p, problem.OnField("invalid-field", "takenAt")
	case s.Result != "":
		return p, problem.OnField("invalid-field", "result")
	}
	return p, line.CheckText("text", p.Text)
}

// test is the result of a test, of which the day must be known: it may be used again for so long from then on (AFG-43).
func (s newPaper) test(p casework.Paper, today calendar.Date) (casework.Paper, error) {
	if s.TakenAt == "" {
		return p, problem.OnField("missing-field", "takenAt")
	}
	taken, err := calendar.ParseDate(s.TakenAt)
	if err != nil || taken.Year < 1900 || taken.After(today) {
		return p, problem.OnField("invalid-time", "takenAt")
	}
	if s.Text != "" {
		return p, problem.OnField("invalid-field", "text")
	}
	p.TakenOn, p.Text = taken, s.Result
	return p, line.CheckText("result", s.Result)
}

// reuse answers POST /v1/cases/{id}/papers/{paper}/reuse {person: {nationalId} or share} with 201 {id}: the result of a test
// lies in this recruitment too. The same again is answered as the first time.
func (a *API) reuse(w http.ResponseWriter, r *http.Request) {
	var said whose
	id, err := a.body(w, r, &said)
	var called casework.Whose
	if err == nil {
		called, err = said.called()
	}
	paper, bad := uuid.Parse(r.PathValue("paper"))
	if err == nil && bad != nil {
		err = problem.New("not-found")
	}
	claims, _ := bearer.From(r.Context())
	if err == nil {
		err = a.recruits(r, id)
	}
	var made uuid.UUID
	var again bool
	if err == nil {
		made, again, err = a.Desk.ReuseTest(r.Context(), casework.Reuse{Authority: claims.Authority, Paper: paper, Into: id, Whose: called, Author: claims.Name})
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	repeated(w, again)
	answer(w, http.StatusCreated, map[string]uuid.UUID{"id": made})
}

// newTransfer is the body of POST /v1/cases/{id}/transfers.
type newTransfer struct {
	whose
	Processor string `json:"processor"`
	Kind      string `json:"kind"`
}

// transfer answers POST /v1/cases/{id}/transfers {person: {nationalId} or share, processor, kind} with 201 {id}: papers of a
// kind go to a processor, which asks for them itself or is sent them.
func (a *API) transfer(w http.ResponseWriter, r *http.Request) {
	var said newTransfer
	id, err := a.body(w, r, &said)
	var called casework.Whose
	if err == nil {
		called, err = said.called()
	}
	if err == nil && said.Processor == "" {
		err = problem.OnField("missing-field", "processor")
	}
	if err == nil && said.Kind == "" {
		err = problem.OnField("missing-field", "kind")
	}
	claims, _ := bearer.From(r.Context())
	if err == nil && !claims.Has(casework.Processor) {
		err = a.recruits(r, id)
	}
	var made uuid.UUID
	if err == nil {
		made, err = a.Desk.TransferPapers(r.Context(), casework.Transfer{Authority: claims.Authority, Case: id, Whose: called, By: claims,
			Processor: said.Processor, Kind: said.Kind})
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusCreated, map[string]uuid.UUID{"id": made})
}
