package intake_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/seal"
)

const accessedCall = `{"id":"a1","kind":"contact","authority":"arbetsformedlingen","channel":"phone","identified":true,` +
	`"at":"2024-01-31T14:12:00+01:00","endedAt":"2024-01-31T14:12:00+01:00","fields":{"phoneNumber":"+46701740605","name":"Anna Kanarie","nationalId":"199001012385"}}`

// reads is what somebody gets of a contact, who reads for a purpose.
func (w *world) reads(c bearer.Claims, purpose, id string) reply {
	w.t.Helper()
	token, err := bearer.Sign(w.signer, c, clock.PaceNow(), time.Hour)
	must(w.t, err)
	return w.call("GET", "/v1/contacts/"+id, c.Authority, map[string]string{"Authorization": "Bearer " + token, "Gallra-Purpose": purpose}, "")
}

// AFC-11, AFC-23, AFC-29, AFG-06, L-05, L-06, KSC-25: the call log is for questions about calls; every look and every refusal is
// an event, in which case-linker alone reads who it was and about whom.
func TestEveryLookAtAContactIsToldToWhoKeepsTheLog(t *testing.T) {
	w := newWorld(t)
	id := w.accepted(accessedCall)
	olle := bearer.Claims{Authority: af, Name: "olle-the-officer", Roles: []string{"case-officer"}, Undertaking: true, Trained: true, FamilyName: "Kanarie"}
	telia := bearer.Claims{Authority: af, Name: "telia", Roles: []string{"processor"}, Undertaking: true, Trained: true}
	abroad := olle
	abroad.Authority = "te-customer-service"
	for name, c := range map[string]struct {
		who     bearer.Claims
		purpose string
		id      string
		status  int
		rule    string
		outcome string
	}{
		"a question about a call":        {olle, "call-question", id, http.StatusOK, "", events.AccessGiven},
		"any other purpose":              {olle, "case-handling", id, http.StatusForbidden, "AFC-11", events.AccessRefused},
		"none":                           {olle, "", id, http.StatusForbidden, "AFC-11", events.AccessRefused},
		"who carries the calls":          {telia, "call-question", id, http.StatusForbidden, "L-05", events.AccessRefused},
		"another authority's":            {abroad, "case-handling", id, http.StatusNotFound, "", events.AccessUnknown},
		"a guess":                        {olle, "call-question", uuid.NewString(), http.StatusNotFound, "", events.AccessUnknown},
		"a purpose that says too much":   {olle, "Anna Kanarie", id, http.StatusForbidden, "AFC-11", events.AccessRefused},
		"a path that is no id at all":    {olle, "call-question", "Anna%20Kanarie", http.StatusNotFound, "", events.AccessUnknown},
		"a path that tries to leave":     {olle, "call-question", "..%2F..%2Fmetrics", http.StatusNotFound, "", events.AccessUnknown},
		"an id with a line break behind": {olle, "call-question", id + "%0d%0aX-Header:%201", http.StatusNotFound, "", events.AccessUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.reads(c.who, c.purpose, c.id)
			rule, _ := r.Body["rule"].(string)
			if r.Status != c.status || rule != c.rule || r.Header.Get("X-Header") != "" {
				t.Errorf("answered %d by %q, expected %d by %q", r.Status, rule, c.status, c.rule)
			}
			said, who := w.access()
			if said.Outcome != c.outcome || who.Account != c.who.Name || said.Action != "read" || strings.Contains(said.Purpose, "Kanarie") {
				t.Errorf("told of %+v by %+v", said, who)
			}
			if known := c.outcome != events.AccessUnknown; known != (who.NationalID == "199001012385") || known != (said.Category == "contact.phone-log") {
				t.Errorf("told of %+v about %+v", said, who)
			}
			if name == "a question about a call" && (len(who.Signs) != 1 || who.Signs[0] != "same-name") {
				t.Errorf("the signs are %v", who.Signs)
			}
		})
	}
}

// access is the next access that intake tells of, and what case-linker alone can read of it.
func (w *world) access() (said events.AccessLogged, who events.SealedAccess) {
	w.t.Helper()
	select {
	case e := <-w.accessed:
		for _, secret := range []string{"olle", "telia", "Kanarie", "199001012385"} {
			if bytes.Contains(e.Data(), []byte(secret)) {
				w.t.Errorf("the event tells %s", secret)
			}
		}
		must(w.t, json.Unmarshal(e.Data(), &said))
		plain, err := seal.Open(w.linkerKey, events.AccessAAD(af, said.Entry), said.Sealed)
		if err != nil {
			plain, err = seal.Open(w.linkerKey, events.AccessAAD("te-customer-service", said.Entry), said.Sealed)
		}
		must(w.t, err)
		must(w.t, json.Unmarshal(plain, &who))
	case <-clock.After(20 * time.Second):
		w.t.Fatal("no access is told of")
	}
	return said, who
}

// L-06: without its line in the log there is no answer.
func TestNothingIsReadWhileNobodyCouldBeTold(t *testing.T) {
	w := newWorld(t)
	w.linkerAway()
	id := w.accepted(strings.Replace(accessedCall, `"identified":true`, `"identified":false`, 1))
	if r := w.read(id); r.Status != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("answered %d %v", r.Status, r.Body)
	}
}

// Whoever keeps the log may be away for a while: its last key is used.
func TestWhatIsReadWhileCaseLinkerIsAwayWaitsForIt(t *testing.T) {
	w := newWorld(t)
	id := w.accepted(accessedCall)
	w.linkerAway()
	if r := w.read(id); r.Status != http.StatusOK {
		t.Errorf("answered %d %v", r.Status, r.Body)
	}
	if _, who := w.access(); who.Account != "olle" {
		t.Errorf("told of %+v", who)
	}
}
