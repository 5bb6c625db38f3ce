package line_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/line"
)

const examples = "../../../../docs/examples/"

func rules(t testing.TB) contact.Rules {
	t.Helper()
	packs, err := policy.Load(policy.Packs())
	if err != nil {
		t.Fatal(err)
	}
	return contact.Rules{Packs: packs, Simulated: true}
}

func judge(t testing.TB, raw string, now time.Time) (contact.Contact, error) {
	t.Helper()
	given, err := line.Decode([]byte(raw))
	if err != nil {
		return contact.Contact{}, err
	}
	return rules(t).Judge(given, now)
}

// expected is what an independent model says must come out of the journal.
type expected struct {
	Refusals, Dropped, Stored map[string]int
}

// TestTheJournalComesOutAsTheModelSays puts every line of the small journal that
// goes to intake through the core alone.
func TestTheJournalComesOutAsTheModelSays(t *testing.T) {
	t.Parallel()
	journal, err := os.ReadFile(examples + "small.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	want := read(t)
	got := expected{Refusals: map[string]int{}, Dropped: map[string]int{}, Stored: map[string]int{}}
	seen := map[string]bool{}
	rules := rules(t)
	for raw := range bytes.Lines(journal) {
		if isCaseLinkers(raw) {
			continue
		}
		given, err := line.Decode(raw)
		var c contact.Contact
		if err == nil {
			now, _ := time.Parse(time.RFC3339, given.At) // the import sets the clock to each line
			c, err = rules.Judge(given, now)
		}
		if err != nil {
			got.Refusals[problem.From(err).Reason]++
			continue
		}
		if seen[c.SourceID] {
			continue
		}
		seen[c.SourceID] = true
		for _, name := range c.Dropped {
			got.Dropped[name]++
		}
		if !c.StoresNothing() {
			got.Stored[c.Category]++
		}
	}
	caseLines := []string{"unknown-case"}
	maps.DeleteFunc(want.Refusals, func(reason string, _ int) bool { return reason == caseLines[0] })
	maps.DeleteFunc(want.Stored, func(category string, _ int) bool { return !strings.HasPrefix(category, "contact.") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func isCaseLinkers(raw []byte) bool {
	var keys struct{ Kind string }
	return json.Unmarshal(raw, &keys) == nil && (strings.HasPrefix(keys.Kind, "person.") || strings.HasPrefix(keys.Kind, "case."))
}

func read(t *testing.T) (want expected) {
	t.Helper()
	raw, err := os.ReadFile(examples + "small.expected.json")
	if err == nil {
		err = json.Unmarshal(raw, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	return want
}

const call = `{"id":"a","kind":"contact","at":"2024-01-31T14:12:00+01:00","authority":"arbetsformedlingen","channel":"phone",
	"identified":true,"startedAt":"2024-01-31T14:05:00+01:00","endedAt":"2024-01-31T14:12:00+01:00","line":"0771-416416",
	"fields":{"phoneNumber":"070-1740605","name":"Anna Kanarie","nationalId":"199001012385","text":"canary"},
	"note":{"case":"C-1","text":"note canary","relevant":true}}`

var noon = time.Date(2024, 1, 31, 13, 12, 0, 0, time.UTC)

// TestEachFaultIsRefusedByItsReason changes one thing of a good line.
func TestEachFaultIsRefusedByItsReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, reason, field string }{
		{`"id":"a",`, `"id":"a"`, "not-json", ""},
		{`"id":"a",`, `"id":"a","id":"b",`, "not-json", ""},
		{`"name":"Anna Kanarie"`, `"name":"Anna","name":"Bo"`, "not-json", ""},
		{`"name":"Anna Kanarie"`, "\"name\":\"\xff\"", "not-json", ""},
		{call, `[]`, "not-json", ""},
		{call, `null`, "not-json", ""},
		{call, call + call, "not-json", ""},
		{`"kind":"contact",`, ``, "missing-field", "kind"},
		{`"kind":"contact"`, `"kind":"person.registered"`, "unknown-kind", ""},
		{`"arbetsformedlingen"`, `"ministry-of-magic"`, "unknown-authority", ""},
		{`"phone"`, `"telepathy"`, "unknown-channel", ""},
		{`"line":`, `"shoeSize":"46","line":`, "unknown-field", "shoeSize"},
		{`"text":"canary"`, `"shoeSize":"46"`, "unknown-field", "shoeSize"},
		{`"text":"canary"`, `"Anna Kanarie":"46"`, "unknown-field", ""},
		{`"text":"canary"`, `"199001012385":"46"`, "unknown-field", ""},
		{`"relevant":true`, `"relevant":true,"mood":"bad"`, "unknown-field", "mood"},
		{`"identified":true`, `"identified":"yes"`, "invalid-field", "identified"},
		{`"text":"canary"`, `"text":7`, "invalid-field", "text"},
		{`"id":"a",`, ``, "missing-field", "id"},
		{`"id":"a"`, `"id":""`, "missing-field", "id"},
		{`"at":"2024-01-31T14:12:00+01:00",`, ``, "missing-field", "at"},
		{`"endedAt":"2024-01-31T14:12:00+01:00",`, ``, "missing-field", "endedAt"},
		{`"nationalId":"199001012385",`, ``, "missing-field", "nationalId"},
		{`"case":"C-1",`, ``, "missing-field", "case"},
		{`,"relevant":true`, ``, "missing-field", "relevant"},
		{`199001012385`, `199001012386`, "invalid-national-id", "nationalId"},
		{`199001012385`, `199001010017`, "invalid-national-id", "nationalId"}, // right, and may be somebody's
		{`"endedAt":"2024-01-31T14:12:00+01:00"`, `"endedAt":"2024-02-30T14:12:00+01:00"`, "invalid-time", "endedAt"},
		{`"endedAt":"2024-01-31T14:12:00+01:00"`, `"endedAt":"2024-01-31T14:04:00+01:00"`, "invalid-time", "endedAt"},
		{`"endedAt":"2024-01-31T14:12:00+01:00"`, `"endedAt":"2024-01-31T14:17:01+01:00"`, "invalid-time", "endedAt"},
		{`"at":"2024-01-31T14:12:00+01:00"`, `"at":"yesterday"`, "invalid-time", "at"},
		{`Anna Kanarie`, `Anna\u0000Kanarie`, "invalid-text", "name"},
		{`Anna Kanarie`, `Anna\ud800Kanarie`, "invalid-text", "name"},
		{`note canary`, `note\u001bcanary`, "invalid-text", "note.text"},
		{`note canary`, strings.Repeat("x", 256<<10+1), "too-large", "note.text"},
		{`note canary`, strings.Repeat("x", 1<<20), "too-large", ""},
	} {
		raw := strings.Replace(call, c.old, c.new, 1)
		if raw == call {
			t.Fatalf("%q is not in the line", c.old)
		}
		_, err := judge(t, raw, noon)
		p := problem.From(err)
		if err == nil || p.Reason != c.reason || p.Field != c.field {
			t.Errorf("%.60q: %v, want %s (%s)", c.new, err, c.reason, c.field)
		}
		for _, canary := range []string{"Kanarie", "canary", "199001012385", "070-1740605"} {
			if err != nil && strings.Contains(string(p.JSON())+err.Error(), canary) {
				t.Errorf("%.60q: the refusal repeats content: %s", c.new, p.JSON())
			}
		}
	}
}

func TestOnlyWhatTheChannelAllowsIsKept(t *testing.T) {
	t.Parallel()
	identified, err := judge(t, call, noon)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"name", "nationalId", "phoneNumber", "endedAt", "line"}, identified.Stored); diff != "" {
		t.Error(diff)
	}
	if identified.Note == nil || identified.Note.NationalID != "199001012385" || identified.EndedOn.String() != "2024-01-31" {
		t.Errorf("got %+v", identified.Note)
	}
	anonymous, err := judge(t, strings.Replace(call, `"identified":true`, `"identified":false`, 1), noon)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"phoneNumber": "070-1740605"}, anonymous.Fields); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"name", "nationalId", "text"}, anonymous.Dropped); diff != "" || anonymous.Note != nil {
		t.Error(diff, anonymous.Note)
	}
	bot, err := judge(t, strings.Replace(call, `"phone"`, `"chatbot"`, 1), noon)
	if err != nil {
		t.Fatal(err)
	}
	if !bot.StoresNothing() || len(bot.Fields)+len(bot.Stored)+len(bot.Dropped) != 0 || bot.Note != nil || bot.Counter != "chatbot/2024-01" {
		t.Errorf("a chatbot contact keeps %+v", bot)
	}
}

func TestTheSameContentHasTheSameFormWhateverItsOrder(t *testing.T) {
	t.Parallel()
	a, errA := line.Decode([]byte(`{"id":"a","fields":{"name":"x","text":"\u00e5"}}`))
	b, errB := line.Decode([]byte(` { "fields" : {"text":"å", "name":"x"}, "id":"a" } `))
	other, errOther := line.Decode([]byte(`{"id":"a","fields":{"name":"x","text":"a"}}`))
	if err := errors.Join(errA, errB, errOther); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Canonical, b.Canonical) || bytes.Equal(a.Canonical, other.Canonical) {
		t.Fatalf("%s\n%s\n%s", a.Canonical, b.Canonical, other.Canonical)
	}
}
