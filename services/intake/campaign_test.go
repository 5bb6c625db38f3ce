package intake_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gallra.se/events"
	"gallra.se/libs/clock"
	"gallra.se/services/intake/internal/store"
)

const (
	campaignPath  = "/v1/campaigns"
	objectionPath = "/v1/campaigns/objections"
	june          = `{"id":"june","name":"June letter","inputs":["municipality","birthDate","municipality"],"recipients":[
		{"nationalId":"900101-2385"},{"email":"Beda@example.se"},{"nationalId":"199201252385","email":"cora@example.se"}]}`
)

// clicked is a click of somebody in a mailing.
func clicked(id, number string, more ...string) string {
	return lineOf(af, "mail-campaign", id, "2024-01-31T10:00:00+01:00", fmt.Sprintf(`"nationalId":%q,"text":"click june/1"`, number),
		append(more, `"identified":true`)...)
}

// AFG-28, AFG-29, AFG-30, L-20
func TestAMailingGoesToThoseWhoHaveNotObjectedAndSaysByWhatTheyWereChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := w.dealt("case-officer", af, "POST", campaignPath, june)
	if sent.Status != http.StatusCreated || sent.Body["sent"] != 3. || sent.Body["noticeVersion"] == "" {
		t.Fatalf("%d %v", sent.Status, sent.Body)
	}
	if diff := cmp.Diff([]any{"birthDate", "municipality"}, sent.Body["inputs"]); diff != "" {
		t.Error(diff)
	}
	var told events.CampaignSent
	w.next(events.TypeCampaignSent, &told)
	if diff := cmp.Diff([]string{"birthDate", "municipality"}, told.Inputs); diff != "" || told.Sent != 3 || told.Campaign.String() != sent.Body["id"] {
		t.Error(diff, told)
	}
	again := w.dealt("case-officer", af, "POST", campaignPath, june)
	if again.Header.Get("Gallra-Duplicate") != "true" || !cmp.Equal(again.Body, sent.Body) {
		t.Errorf("again: %d %v", again.Status, again.Body)
	}

	byNumber := w.dealt("channel", af, "POST", objectionPath, `{"nationalId":"199201252385"}`)
	byAddress := w.dealt("case-officer", af, "POST", objectionPath, `{"email":"BEDA@example.se"}`)
	if byNumber.Status != http.StatusCreated || byAddress.Status != http.StatusCreated || byNumber.Body["noticeUrl"] == "" {
		t.Fatalf("%v %v", byNumber, byAddress)
	}
	w.next(events.TypeObjectionMade, &events.ObjectionMade{})
	w.next(events.TypeObjectionMade, &events.ObjectionMade{})
	same := w.dealt("channel", af, "POST", objectionPath, `{"nationalId":"920125-2385"}`)
	if same.Body["id"] != byNumber.Body["id"] || same.Header.Get("Gallra-Duplicate") != "true" {
		t.Errorf("an objection again: %v", same)
	}
	july := w.dealt("case-officer", af, "POST", campaignPath, strings.Replace(june, "june", "july", 1))
	if diff := cmp.Diff([]any{1., 2.}, july.Body["leftOut"]); diff != "" || july.Body["sent"] != 1. {
		t.Error(july.Body, diff)
	}
	w.next(events.TypeCampaignSent, &told)

	for role, status := range map[string]int{"case-officer": http.StatusForbidden, "dpo": http.StatusForbidden} {
		if r := w.dealt(role, af, "DELETE", objectionPath+"/"+fmt.Sprint(byNumber.Body["id"]), ""); r.Status != status {
			t.Errorf("%s takes it back: %d %v", role, r.Status, r.Body)
		}
	}
	if r := w.dealt("channel", tek, "DELETE", objectionPath+"/"+fmt.Sprint(byNumber.Body["id"]), ""); r.Status != http.StatusNotFound {
		t.Errorf("another authority takes it back: %d %v", r.Status, r.Body)
	}
	if r := w.dealt("channel", af, "DELETE", objectionPath+"/"+fmt.Sprint(byNumber.Body["id"]), ""); r.Status != http.StatusNoContent {
		t.Errorf("she takes it back: %d %v", r.Status, r.Body)
	}
	w.next(events.TypeObjectionWithdrawn, &events.ObjectionWithdrawn{})
	if r := w.dealt("channel", af, "DELETE", objectionPath+"/"+fmt.Sprint(byNumber.Body["id"]), ""); r.Status != http.StatusNotFound {
		t.Errorf("twice: %d %v", r.Status, r.Body)
	}
	august := w.dealt("case-officer", af, "POST", campaignPath, strings.Replace(june, "june", "august", 1))
	if diff := cmp.Diff([]any{1.}, august.Body["leftOut"]); diff != "" {
		t.Error(august.Body, diff)
	}
	if anew := w.dealt("channel", af, "POST", objectionPath, `{"nationalId":"199201252385"}`); anew.Body["id"] == byNumber.Body["id"] || anew.Header.Get("Gallra-Duplicate") != "" {
		t.Errorf("anew: %v", anew)
	}
	if r := w.dealt("channel", tek, "POST", objectionPath, `{"nationalId":"250777-9720"}`); r.Status != http.StatusUnprocessableEntity {
		t.Errorf("an authority without mailings: %d %v", r.Status, r.Body)
	}
}

// AFG-29, AFG-30
func TestAMailingThatIsNotAsTheNoticeSaysIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	edit := func(edits ...string) string { return strings.NewReplacer(edits...).Replace(june) }
	if r := w.dealt("case-officer", af, "POST", campaignPath, june); r.Status != http.StatusCreated {
		t.Fatalf("%d %v", r.Status, r.Body)
	}
	employers := edit(`"june"`, `"firms"`, `"inputs":["municipality","birthDate","municipality"]`, `"audience":"employers","inputs":["county","industry"]`)
	if r := w.dealt("admin", af, "POST", campaignPath, employers); r.Status != http.StatusCreated {
		t.Errorf("employers: %d %v", r.Status, r.Body)
	}
	other := func(edits ...string) string { return edit(append(edits, `"june"`, `"other"`)...) }
	w.refused(map[string]refusable{
		"chosen by health":           {"case-officer", af, campaignPath, other(`"birthDate"`, `"health"`), 403, "denied (AFG-29)"},
		"chosen by offences":         {"case-officer", af, campaignPath, other(`"birthDate"`, `"offences"`), 403, "denied (AFG-29)"},
		"chosen by what firms are":   {"case-officer", af, campaignPath, other(`"birthDate"`, `"industry"`), 403, "denied (AFG-29)"},
		"chosen by what is unknown":  {"case-officer", af, campaignPath, other(`"birthDate"`, `"Birthdate"`), 403, "denied (AFG-29)"},
		"no name":                    {"case-officer", af, campaignPath, edit(`"june"`, `""`), 422, "missing-field (id)"},
		"a path as its name":         {"case-officer", af, campaignPath, edit(`"june"`, `"../june"`), 422, "invalid-field (id)"},
		"a header as its name":       {"case-officer", af, campaignPath, edit(`"june"`, `"a\r\nb: c"`), 422, "invalid-field (id)"},
		"a person as its name":       {"case-officer", af, campaignPath, edit(`"june"`, `"199001012385"`), 422, "invalid-field (id)"},
		"a person as its title":      {"case-officer", af, campaignPath, other("June letter", "to 900101-2385"), 422, "invalid-field (name)"},
		"an address as its title":    {"case-officer", af, campaignPath, other("June letter", "to a@b.se"), 422, "invalid-field (name)"},
		"nobody":                     {"case-officer", af, campaignPath, `{"id":"other","recipients":[]}`, 422, "missing-field (recipients)"},
		"somebody without anything":  {"case-officer", af, campaignPath, `{"id":"other","recipients":[{}]}`, 422, "missing-field (nationalId)"},
		"a number that is none":      {"case-officer", af, campaignPath, other("900101-2385", "900101-2386"), 422, "invalid-national-id (nationalId)"},
		"an address that is none":    {"case-officer", af, campaignPath, other("Beda@example.se", "Beda"), 422, "invalid-field (email)"},
		"two addresses in one":       {"case-officer", af, campaignPath, other("Beda@example.se", "a@b.se,c@d.se"), 422, "invalid-field (email)"},
		"an audience of its own":     {"case-officer", af, campaignPath, other(`"inputs"`, `"audience":"everybody","inputs"`), 422, "invalid-field (audience)"},
		"a key that there is not":    {"case-officer", af, campaignPath, other(`"inputs"`, `"segments"`), 422, "unknown-field (segments)"},
		"tomorrow":                   {"case-officer", af, campaignPath, other(`"inputs"`, `"at":"2024-02-02T10:00:00Z","inputs"`), 422, "invalid-time (at)"},
		"another content":            {"case-officer", af, campaignPath, edit(`"birthDate",`, ``), 409, "conflicting-duplicate"},
		"the mailing system":         {"channel", af, campaignPath, other(), 403, "forbidden"},
		"an authority without":       {"case-officer", tek, campaignPath, other(), 422, "unknown-channel"},
		"an objection of nobody":     {"channel", af, objectionPath, `{}`, 422, "missing-field (nationalId)"},
		"an objection by two":        {"channel", af, objectionPath, `{"nationalId":"199001012385","email":"a@b.se"}`, 422, "invalid-field (email)"},
		"an objection of no number":  {"channel", af, objectionPath, `{"nationalId":"199001012386"}`, 422, "invalid-national-id (nationalId)"},
		"an objection by a supplier": {"processor", af, objectionPath, `{"nationalId":"199001012385"}`, 403, "forbidden"},
	})
}

// AFG-31, L-20
func TestAClickIsTakenOfAnOwnMailingAndOfNobodyWhoObjected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if r := w.dealt("case-officer", af, "POST", campaignPath, june); r.Status != http.StatusCreated {
		t.Fatalf("%d %v", r.Status, r.Body)
	}
	w.next(events.TypeCampaignSent, &events.CampaignSent{})
	first := w.dealt("channel", af, "POST", "/v1/contacts", clicked("c-1", "199001012385"))
	var told events.ContactRecorded
	if w.next(events.TypeContactRecorded, &told); first.Status != http.StatusCreated || told.Category != "contact.mail-event" {
		t.Fatalf("%d %v %+v", first.Status, first.Body, told)
	}
	keyed := w.dealt("channel", af, "POST", "/v1/contacts", clicked("c-2", "199001012385", `"campaign":"june"`))
	for _, r := range []reply{first, keyed} {
		if seen := w.read(r.Body["id"]); seen.Status != http.StatusOK || seen.Body["campaign"] != "june" {
			t.Errorf("%d %v", seen.Status, seen.Body)
		}
	}
	w.next(events.TypeContactRecorded, &told)
	other := w.dealt("channel", af, "POST", "/v1/contacts", clicked("c-3", "199201252385"))
	w.next(events.TypeContactRecorded, &told)
	objection := w.dealt("channel", af, "POST", objectionPath, `{"nationalId":"199001012385"}`)
	w.next(events.TypeObjectionMade, &events.ObjectionMade{})
	w.refused(map[string]refusable{
		"a mailing that never was":      {"channel", af, "/v1/contacts", clicked("c-4", "199201252385", `"campaign":"may"`), 403, "denied (AFG-31)"},
		"no mailing":                    {"channel", af, "/v1/contacts", strings.Replace(clicked("c-5", "199201252385"), "click june/1", "click", 1), 403, "denied (AFG-31)"},
		"another's mailing in the text": {"channel", af, "/v1/contacts", strings.Replace(clicked("c-6", "199201252385"), "june/1", "spring/1", 1), 403, "denied (AFG-31)"},
		"of somebody who objected":      {"channel", af, "/v1/contacts", clicked("c-7", "900101-2385"), 403, "denied (L-20)"},
	})
	if answers := w.stream(oneLine(clicked("c-8", "199001012385")) + "\n" + oneLine(clicked("c-9", "199201252385"))); short(answers[0]) != "denied" || short(answers[1]) != "201" {
		t.Errorf("in a stream: %v", answers)
	}
	w.next(events.TypeContactRecorded, &told)
	for id, want := range map[any]int{first.Body["id"]: http.StatusGone, keyed.Body["id"]: http.StatusGone, other.Body["id"]: http.StatusOK} {
		if r := w.read(id); r.Status != want {
			t.Errorf("%d %v, want %d", r.Status, r.Body, want)
		}
	}
	if objection.Status != http.StatusCreated {
		t.Errorf("%v", objection)
	}
}

// L-20
func TestOfManyObjectionsOfOnePersonOneStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var group sync.WaitGroup
	var mu sync.Mutex
	ids, firsts := map[any]int{}, 0
	for range 12 {
		group.Go(func() {
			r := w.dealt("channel", af, "POST", objectionPath, `{"nationalId":"199001012385"}`)
			mu.Lock()
			defer mu.Unlock()
			if ids[r.Body["id"]]++; r.Header.Get("Gallra-Duplicate") == "" {
				firsts++
			}
		})
	}
	group.Wait()
	var living int
	must(t, w.keys.QueryRow(t.Context(), `SELECT count(*) FROM key_unit WHERE page IS NOT NULL`).Scan(&living))
	if rows := w.rows(); len(ids) != 1 || firsts != 1 || rows["objection"] != 1 || living != 1 {
		t.Errorf("%v, %d first answers, %d rows, %d living keys", ids, firsts, rows["objection"], living)
	}
}

// Whoever has the database learns of nobody whom a mailing went to or who objected.
func TestNobodyIsNamedInWhatIsKeptOfMailings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.dealt("case-officer", af, "POST", campaignPath, june)
	w.dealt("channel", af, "POST", objectionPath, `{"email":"beda@example.se"}`)
	w.dealt("channel", af, "POST", objectionPath, `{"nationalId":"199201252385"}`)
	w.nowhere("beda", "Beda", "199201252385", "cora@example", "9001012385", "9201252385")
}

// L-20: a crash between the look-up and the row leaves an objection that nobody was answered for.
func TestAnObjectionThatFailedHalfwayIsMadeByTheRepeatAndOutlivesTheSweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fail := `CREATE FUNCTION fail_objection() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
		CREATE TRIGGER fail BEFORE INSERT ON objection FOR EACH ROW EXECUTE FUNCTION fail_objection()`
	_, err := w.db.Exec(t.Context(), fail)
	must(t, err)
	const body = `{"nationalId":"199001012385"}`
	if r := w.dealt("channel", af, "POST", objectionPath, body); r.Status != http.StatusInternalServerError {
		t.Fatalf("%d %v", r.Status, r.Body)
	}
	if r := w.dealt("case-officer", af, "POST", campaignPath, june); r.Body["sent"] != 3. {
		t.Errorf("what does not stand counts: %v", r.Body)
	}
	w.next(events.TypeCampaignSent, &events.CampaignSent{})
	_, err = w.db.Exec(t.Context(), `DROP TRIGGER fail ON objection`)
	must(t, err)
	if r := w.dealt("channel", af, "POST", objectionPath, body); r.Status != http.StatusCreated || r.Header.Get("Gallra-Duplicate") != "" {
		t.Fatalf("the repeat: %d %v", r.Status, r.Body)
	}
	n, err := w.ring.Sweep(t.Context(), clock.PaceNow().Add(2*time.Hour), store.Alive(w.db))
	must(t, err)
	r := w.dealt("case-officer", af, "POST", campaignPath, strings.Replace(june, "june", "july", 1))
	if diff := cmp.Diff([]any{0.}, r.Body["leftOut"]); diff != "" || n != 0 {
		t.Errorf("%d units swept, then %v", n, r.Body)
	}
}
