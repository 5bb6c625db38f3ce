package api

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/case-linker/internal/casework"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// application is the body of POST /v1/cases/{id}/persons.
type application struct {
	Person map[string]string `json:"person"`
	Kind   string            `json:"kind"` // application: the paper is a record of its own
	Text   string            `json:"text"` // of the paper; it may be missing
}

// applied is the answer, with the notice that the applicant was pointed to.
type applied struct {
	casework.Applied
	NoticeVersion string `json:"noticeVersion"`
	NoticeURL     string `json:"noticeUrl"`
}

// mandatory is why an application needs its fields, and what a refusal tells besides which one is missing (AFG-40).
const (
	mandatory = "AFG-40"
	unheard   = "Without it the application cannot be received. How the data are used: "
)

// apply answers POST /v1/cases/{id}/persons {person: {nationalId, name}, kind, text} with 201 {person, share, id}: somebody
// takes part in a recruitment, or represents the organisation that a case is about. The same number again is answered as the
// first time.
func (a *API) apply(w http.ResponseWriter, r *http.Request) {
	var said application
	id, err := a.body(w, r, &said)
	claims, _ := bearer.From(r.Context())
	pack, known := a.Desk.Rules.Packs.Pack(claims.Authority)
	if err == nil && !known {
		err = problem.New("not-found")
	}
	var asked casework.Applicant
	if err == nil {
		asked, err = said.applicant(pack, claims)
	}
	if err == nil {
		err = a.mayJoin(r, pack, id, said.Kind)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	asked.Case = id
	done, again, err := a.Desk.Apply(r.Context(), asked)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	repeated(w, again)
	answer(w, http.StatusCreated, applied{done, pack.Notice.Version, pack.Notice.URL})
}

// mayJoin lets the application form and the processor of applications add somebody, and for the rest who may write in such a
// case.
func (a *API) mayJoin(r *http.Request, pack *policy.Pack, id uuid.UUID, kind string) error {
	claims, _ := bearer.From(r.Context())
	if kind != "" || claims.Has(casework.Processor) {
		if err := casework.MayHandIn(pack, claims, casework.KindApplication, ""); err != nil {
			return err
		}
	}
	if claims.Has(casework.Processor) || claims.Has(channelRole) {
		return nil
	}
	return a.mayWrite(r, id, store.CategoryFile)
}

func (s application) applicant(p *policy.Pack, by bearer.Claims) (casework.Applicant, error) {
	out := casework.Applicant{Authority: by.Authority, NationalID: s.Person["nationalId"], Name: s.Person["name"]}
	recruitment, _ := p.Recruitment()
	required := append([]string{"nationalId", "name"}, recruitment.Required...)
	more := map[string]json.RawMessage{}
	for _, name := range slices.Sorted(maps.Keys(s.Person)) {
		if !slices.Contains(required, name) {
			return out, strict.Unknown(name)
		}
		if name != "nationalId" && name != "name" {
			more[name], _ = json.Marshal(s.Person[name]) // a string
		}
	}
	for _, name := range required {
		if s.Person[name] == "" {
			return out, missing(p, recruitment, name)
		}
		if err := line.CheckText(name, s.Person[name]); err != nil {
			return out, err
		}
	}
	var err error
	if out.Name, err = line.PersonName("name", out.Name); err != nil {
		return out, err
	}
	switch {
	case s.Kind != "" && s.Kind != casework.KindApplication:
		return out, problem.OnField("invalid-field", "kind")
	case s.Kind == "" && s.Text != "":
		return out, problem.OnField("missing-field", "kind")
	case s.Kind == "":
		return out, nil
	}
	out.Application = &casework.Application{Text: s.Text, Author: by.Name, Fields: more}
	if s.Text == "" {
		return out, nil
	}
	return out, line.CheckText("text", s.Text)
}

// missing refuses an application that lacks something, and says what follows of that (AFG-40).
func missing(p *policy.Pack, r policy.Recruitment, name string) error {
	refusal := problem.OnField("missing-field", name)
	if slices.Contains(r.Required, name) {
		refusal.Rule, refusal.Detail = mandatory, unheard+p.Notice.URL
	}
	return refusal
}

// whose is how a body calls an applicant: by number, or by share.
type whose struct {
	Person struct {
		NationalID string `json:"nationalId"`
	} `json:"person"`
	Share string `json:"share"`
}

func (s whose) called() (casework.Whose, error) {
	out := casework.Whose{NationalID: s.Person.NationalID}
	switch {
	case s.Share != "" && s.Person.NationalID != "":
		return out, problem.OnField("invalid-field", "share")
	case s.Share == "" && s.Person.NationalID == "":
		return out, problem.OnField("missing-field", "person")
	case s.Share == "":
		return out, line.CheckText("nationalId", s.Person.NationalID)
	}
	var err error
	if out.Share, err = uuid.Parse(s.Share); err != nil {
		return out, problem.OnField("invalid-field", "share")
	}
	return out, nil
}
