package acceptance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/launch"
)

// walk takes the canary person through everything that four authorities have for a person.
type walk struct {
	t      *testing.T
	system *launch.System
	found  map[string]string // by name: what can be read of her, and is gone in the end
	given  []string          // contacts that are kept with her consent
	as     map[string]*client.Client
}

func newWalk(t *testing.T, system *launch.System) *walk {
	t.Helper()
	w := &walk{t: t, system: system, found: map[string]string{}, as: map[string]*client.Client{}}
	for _, authority := range policy.Default().Authorities() {
		api, err := system.Place().As(bearer.Claims{Authority: authority, Name: "petra", Undertaking: true, Trained: true,
			Roles: []string{"operator", "case-officer", "records-manager", "recruiter", "dpo", "admin", "channel"}}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		w.as[authority] = api
	}
	return w
}

// do asks, wants it done, and returns what was said.
func (w *walk) do(authority, purpose, method, path string, body map[string]any) map[string]any {
	w.t.Helper()
	answer, err := w.as[authority].For(purpose).Send(w.t.Context(), authority, method, path, body)
	if err != nil || !answer.OK() {
		w.t.Fatalf("%s %s %s: %d %s %v", authority, method, path, answer.Status, answer.Body, err)
	}
	said := map[string]any{}
	if answer.OK() && len(answer.Body) > 0 {
		if err := answer.Into(&said); err != nil {
			w.t.Fatal(err)
		}
	}
	return said
}

// kept does the same, and what it made under key is one of her records.
func (w *walk) kept(authority, purpose, path, key, reading string, body map[string]any) string {
	w.t.Helper()
	id := fmt.Sprint(w.do(authority, purpose, http.MethodPost, path, body)[key])
	w.found[authority+" "+purpose+" "+reading+id] = ""
	return id
}

// status of each thing that was kept, by name.
func (w *walk) status() map[string]int {
	w.t.Helper()
	all := map[string]int{}
	for name := range w.found {
		authority, rest, _ := strings.Cut(name, " ")
		purpose, path, _ := strings.Cut(rest, " ")
		answer, err := w.as[authority].For(purpose).Do(w.t.Context(), client.Call{Authority: authority, Method: http.MethodGet, Path: path})
		if err != nil {
			w.t.Fatal(err)
		}
		all[name] = answer.Status
		w.found[name] = string(answer.Body)
	}
	return all
}

const (
	agency    = "arbetsformedlingen"
	stockholm = "stockholm-labour-market-board"
	centre    = "te-customer-service"
	offices   = "te-services"
)

// handling is why the officer of this test does what she does.
const handling = "case-handling"

func line(authority, kind, id string, more map[string]any) map[string]any {
	said := map[string]any{"kind": kind, "id": "canary " + id, "authority": authority, "at": "2025-03-03T11:00:00Z"}
	maps.Copy(said, more)
	return said
}

func her(country string, fields ...string) map[string]any {
	who := map[string]any{"nationalId": canaryNumbers[country], "name": canary["name"]}
	for _, f := range fields {
		who[f] = canary[f]
	}
	return who
}

// cases has her registered wherever there are cases, with a case and notes; looked for, looked at, held, and disclosed.
func (w *walk) cases() {
	for _, at := range []struct{ authority, country, caseType string }{{agency, "SE", "job-seeking"}, {stockholm, "SE", ""}, {offices, "FI", ""}} {
		pack, _ := policy.Default().Pack(at.authority)
		if at.caseType == "" {
			at.caseType = pack.CaseTypes[0]
		}
		number := map[string]any{"nationalId": canaryNumbers[at.country]}
		person := w.kept(at.authority, handling, "/v1/persons", "id", "/v1/persons/",
			line(at.authority, "person.registered", "registration", map[string]any{"person": her(at.country, "address", "phoneNumber", "email")}))
		file := w.kept(at.authority, handling, "/v1/cases", "id", "/v1/cases/",
			line(at.authority, "case.opened", "case", map[string]any{"case": "CANARY-1", "type": at.caseType, "persons": []any{canaryNumbers[at.country]}}))
		for range 2 {
			w.kept(at.authority, handling, "/v1/cases/"+file+"/notes", "note", "/v1/notes/", map[string]any{"text": canary["text"] + " of " + canary["name"]})
		}
		w.do(at.authority, handling, http.MethodPost, "/v1/persons/search", number)
		hold := w.do(at.authority, handling, http.MethodPost, "/v1/holds", map[string]any{"scope": "person", "target": person, "reason": "complaint"})
		w.do(at.authority, handling, http.MethodDelete, "/v1/holds/"+fmt.Sprint(hold["id"]), nil)
	}
}

// centre has her call recorded, complain of it, and join a group.
func (w *walk) centre() {
	call := map[string]any{"line": "national", "at": "2025-03-03T11:00:00Z"}
	w.do(centre, "", http.MethodPost, "/v1/recordings/calls/canary/notice", call)
	call["call"], call["person"] = "canary", her("FI")
	recording := w.kept(centre, "complaint", "/v1/recordings", "id", "/v1/recordings/", call)
	w.audio(recording, bytes.Repeat([]byte(canary["text"]+" "), 100))
	w.do(centre, "", http.MethodPost, "/v1/recordings/"+recording+"/stop", map[string]any{"at": "2025-03-03T11:00:00Z"})
	complaint := w.kept(centre, "complaint", "/v1/complaints", "id", "/v1/complaints/", map[string]any{"recording": recording, "reason": canary["text"]})
	w.do(centre, "complaint", http.MethodPost, "/v1/recordings/"+recording+"/extension", map[string]any{"reason": "complaint", "until": "2025-09-30"})
	w.do(centre, "complaint", http.MethodPost, "/v1/complaints/"+complaint+"/close", map[string]any{"reason": canary["text"], "at": "2025-03-03T11:00:00Z"})
	group := fmt.Sprint(w.do(centre, handling, http.MethodPost, "/v1/groups", map[string]any{"id": "canary", "name": "Jobbklubben", "start": "2025-03-03", "end": "2025-03-31"})["id"])
	path := "/v1/groups/" + group + "/participants"
	part := w.kept(centre, handling, path, "id", path+"/", map[string]any{"person": her("FI"), "fields": map[string]any{"email": canary["email"], "text": canary["text"]}, "at": "2025-03-03T11:00:00Z"})
	w.do(centre, handling, http.MethodDelete, path+"/"+part, nil)
	w.do(centre, handling, http.MethodPost, "/v1/groups/"+group+"/end", map[string]any{"end": "2025-03-03"})
}

func (w *walk) audio(recording string, sound []byte) {
	w.t.Helper()
	sum := sha256.Sum256(sound)
	answer, err := w.as[centre].Do(w.t.Context(), client.Call{Authority: centre, Method: http.MethodPut, Path: "/v1/recordings/" + recording + "/audio?offset=0", Body: sound,
		Header: http.Header{"Content-Type": {"audio/basic"}, "Gallra-Sha256": {hex.EncodeToString(sum[:])}, "Gallra-From": {"0"}, "Gallra-Until": {"60000"}}})
	if err != nil || !answer.OK() {
		w.t.Fatalf("audio: %d %s %v", answer.Status, answer.Body, err)
	}
}

// recruits has her apply, be tested and be passed on to a processor.
func (w *walk) recruits() {
	file := w.kept(agency, "recruitment", "/v1/cases", "id", "/v1/cases/", line(agency, "case.opened", "recruitment", map[string]any{"case": "CANARY-R", "type": "recruitment", "persons": []any{}}))
	at := "/v1/cases/" + file
	number := map[string]any{"nationalId": canaryNumbers["SE"]}
	w.kept(agency, "recruitment", at+"/persons", "id", "/v1/notes/", map[string]any{"person": her("SE"), "kind": "application", "text": canary["text"]})
	w.kept(agency, "recruitment", at+"/papers", "id", "/v1/notes/", map[string]any{"person": number, "kind": "interview-note", "text": canary["text"]})
	w.do(agency, "recruitment", http.MethodPost, at+"/transfers", map[string]any{"person": number, "processor": "Refapp", "kind": "reference"})
	w.do(agency, "recruitment", http.MethodPost, "/v1/cases", line(agency, "case.closed", "recruitment closed", map[string]any{"case": "CANARY-R", "effective": "2025-03-03", "reason": "appointed"}))
}

// outside is what comes by other doors: a login, mail, feeds, mailings, pages, the chatbot, and a recipient who asks about her.
func (w *walk) outside() {
	at := "2025-03-03T11:00:00Z"
	w.kept(agency, handling, "/v1/mail", "id", "/v1/contacts/", map[string]any{"id": "canary", "at": at, "person": her("SE"), "encrypted": true, "about": "case", "text": canary["text"], "to": canary["email"]})
	w.kept(agency, handling, "/v1/feeds", "id", "/v1/contacts/", map[string]any{"id": "canary", "source": "SE-SKV", "person": map[string]any{"nationalId": canaryNumbers["SE"]}, "fields": map[string]any{"name": canary["name"], "address": canary["address"]}, "at": at})
	w.do(agency, "", http.MethodPost, "/v1/logins", map[string]any{"id": "canary", "at": at,
		"identity": map[string]any{"token": statementOf(w.t, w.system.Dir, canary["name"], canaryNumbers["SE"]), "nonce": "n-1"}})
	w.do(agency, "", http.MethodPost, "/v1/campaigns", map[string]any{"id": "canary", "name": "june", "inputs": []string{"municipality"}, "recipients": []any{map[string]any{"nationalId": canaryNumbers["SE"], "email": canary["email"]}}, "at": at})
	objection := w.do(agency, "", http.MethodPost, "/v1/campaigns/objections", map[string]any{"nationalId": canaryNumbers["SE"]})
	w.do(agency, "", http.MethodDelete, "/v1/campaigns/objections/"+fmt.Sprint(objection["id"]), nil)
	w.do(agency, "", http.MethodPost, "/v1/web/views", map[string]any{"page": "/", "cookies": "all", "at": at, "ipAddress": canary["ipAddress"], "browserType": "Firefox", "deviceType": "phone"})
	w.do(agency, "", http.MethodPost, "/v1/chatbot/sessions/"+canary["userId"]+"/ask", map[string]any{"text": canary["text"], "ipAddress": canary["ipAddress"]})
	w.do(agency, "", http.MethodDelete, "/v1/chatbot/sessions/"+canary["userId"], nil)
	w.do(agency, "", http.MethodPost, "/v1/disclosures", map[string]any{"recipient": "SE-KFM", "authority": agency, "nationalId": canaryNumbers["SE"], "mode": "direct", "fields": []string{"name", "nationalId", "registrationDates", "address"}})
}

// ends closes what is open, and takes her consent back.
func (w *walk) ends() {
	for _, id := range w.given {
		w.do(stockholm, "", http.MethodDelete, "/v1/contacts/"+id+"/consent", nil)
	}
	for authority, country := range map[string]string{agency: "SE", stockholm: "SE", offices: "FI"} {
		w.do(authority, handling, http.MethodPost, "/v1/cases", line(authority, "case.closed", "closed", map[string]any{"case": "CANARY-1", "effective": "2025-03-03", "reason": "employment"}))
		w.do(authority, handling, http.MethodPost, "/v1/persons", line(authority, "person.deregistered", "end", map[string]any{"nationalId": canaryNumbers[country], "effective": "2025-03-03", "reason": "employment"}))
	}
}

// orders has what is left erased: all of it is of kinds for which a notice gives no period.
func (w *walk) orders(left []remainder) {
	w.t.Helper()
	ordered := map[string]bool{}
	for _, r := range left {
		pack, _ := policy.Default().Pack(r.Authority)
		for _, rule := range pack.Ending(r.Category, r.CaseType) {
			if rule.Stated {
				w.t.Errorf("a record of %s is left although %s has ended it", r.Category, rule.ID)
			}
		}
		target := map[string]any{"record": r.Record, "ground": "unlawful"}
		if r.Person != nil {
			target = map[string]any{"person": *r.Person, "ground": "unlawful"}
		}
		if key := fmt.Sprint(target); !ordered[key] {
			ordered[key] = true
			w.do(r.Authority, "", http.MethodPost, "/v1/erasures", target)
		}
	}
	if len(ordered) == 0 {
		w.t.Error("nothing is left that no notice gives a period for: this test shows too little")
	}
}
