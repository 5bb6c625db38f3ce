package intake_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
)

// bears is status and body of what somebody is answered.
func (w *world) bears(c bearer.Claims, method, path, body string) string {
	w.t.Helper()
	c.Undertaking, c.Trained = true, true
	token, err := bearer.Sign(w.signer, c, clock.PaceNow(), time.Hour)
	must(w.t, err)
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	must(w.t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Gallra-Purpose", "supervision")
	response, err := http.DefaultClient.Do(r)
	must(w.t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	must(w.t, err)
	return fmt.Sprint(response.StatusCode, " ", string(raw))
}

var (
	dpo       = bearer.Claims{Authority: af, Name: "olle", Roles: []string{"dpo"}}
	appointed = bearer.Claims{Authority: af, Name: "petra", Roles: []string{"dpo", "protected-officer"}, Appointed: true}
)

// AFG-08, AFG-10: whichever comes first, mark or link, and after disposal.
func TestAContactOfAProtectedPersonIsNotThereForWhoeverIsNotAppointed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var early, late, other events.ContactRecorded
	ids := map[*events.ContactRecorded]string{}
	for i, c := range []*events.ContactRecorded{&early, &late, &other} {
		ids[c] = w.accepted(line("call-1", fmt.Sprint("call-", i+1)))
		w.next(events.TypeContactRecorded, c)
		w.next(events.TypeContactNoted, &events.ContactNoted{})
	}
	person := uuid.New()
	link := func(c events.ContactRecorded) {
		w.tell("case", events.TypeContactLinked, c.Contact.String(), events.ContactLinked{Contact: c.Contact, Person: person})
	}
	link(early)
	w.tell("case", events.TypeProtectionMarked, person.String(), events.ProtectionMarked{Person: person})
	link(late)
	link(late) // once more
	w.tell("case", events.TypeProtectionMarked, person.String(), events.ProtectionMarked{Person: person})
	note := `{"at":"2024-01-31T14:12:00+01:00","case":"AF-1","text":"prov","relevant":true}`
	compare := func(when string, ids ...string) {
		t.Helper()
		for _, id := range ids {
			for _, ask := range [][3]string{{"GET", "/v1/contacts/", ""}, {"POST", "/v1/contacts/", "/note"}} {
				hidden := w.bears(dpo, ask[0], ask[1]+id+ask[2], note)
				unknown := w.bears(dpo, ask[0], ask[1]+uuid.NewString()+ask[2], note)
				if hidden != unknown || !strings.HasPrefix(hidden, "404") {
					t.Errorf("%s: %s, unknown %s", when, hidden, unknown)
				}
			}
		}
	}
	compare("while it is there", ids[&early], ids[&late])
	for _, id := range []string{ids[&early], ids[&late]} {
		if got := w.bears(appointed, "GET", "/v1/contacts/"+id, ""); !strings.HasPrefix(got, "200") {
			t.Errorf("petra gets %s", got)
		}
	}
	if got := w.bears(dpo, "GET", "/v1/contacts/"+ids[&other], ""); !strings.HasPrefix(got, "200") {
		t.Errorf("another contact: %s", got)
	}

	w.clock.set("2025-05-01T00:00:00+02:00")
	due := events.DisposalDue{Holder: events.Intake}
	for _, c := range []events.ContactRecorded{early, late, other} {
		due.Units = append(due.Units, w.due(c, "AFC-10", "2025-05-01", "2025-05-01T00:00:00+02:00"))
	}
	w.tell("retention", events.TypeDisposalDue, early.Contact.String(), due)
	w.tell("case", events.TypeProtectionLifted, person.String(), events.ProtectionLifted{Person: person}) // what is destroyed stays hidden
	compare("after disposal", ids[&early], ids[&late])
	if got := w.bears(appointed, "GET", "/v1/contacts/"+ids[&early], ""); !strings.HasPrefix(got, "410") {
		t.Errorf("petra gets %s", got)
	}
	if got := w.bears(dpo, "GET", "/v1/contacts/"+ids[&other], ""); !strings.HasPrefix(got, "410") {
		t.Errorf("another contact: %s", got)
	}
	audiences := map[string]int{}
	for n := 0; n < 3; {
		var gone events.RecordDisposed
		w.next(events.TypeRecordDisposed, &gone)
		for _, u := range gone.Units {
			audiences[u.Audience]++
			n++
		}
	}
	if audiences[events.AudienceProtected] != 2 || audiences[""] != 1 {
		t.Errorf("audiences %v", audiences)
	}
}

// AFG-10
func TestALiftShowsContactsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.accepted(call)
	person := uuid.New()
	w.tell("case", events.TypeContactLinked, id, events.ContactLinked{Contact: uuid.MustParse(id), Person: person})
	w.tell("case", events.TypeProtectionMarked, person.String(), events.ProtectionMarked{Person: person})
	if got := w.bears(dpo, "GET", "/v1/contacts/"+id, ""); !strings.HasPrefix(got, "404") {
		t.Errorf("marked: %s", got)
	}
	w.tell("case", events.TypeProtectionLifted, person.String(), events.ProtectionLifted{Person: person})
	if got := w.bears(dpo, "GET", "/v1/contacts/"+id, ""); !strings.HasPrefix(got, "200") {
		t.Errorf("lifted: %s", got)
	}
}
