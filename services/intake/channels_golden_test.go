package intake_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/policy"
)

// everyChannel is the ways of contact that any notice speaks of.
var everyChannel = []string{"phone", "chat", "chatbot", "email", "econtact", "visit", "web", "mail-campaign", "survey", "feedback", "login",
	"screen-share", "feed"}

// row is one line of the golden table: what a contact of somebody leaves behind, or why it is refused.
type row struct {
	authority, channel string
	who                string
	fields, facts      []string
	document           []string // fields in an official document of its own
	nothing            bool
	reason, rule       string
}

func (r row) String() string { return r.authority + " " + r.channel + " " + r.who }

func (r row) identified() bool { return strings.HasPrefix(r.who, "identified") }

// golden reads testdata/golden-channels.txt: each authority's catalogue of fields, and the rows.
func golden(t *testing.T) (catalogues map[string][]string, rows []row) {
	t.Helper()
	text, err := os.ReadFile("testdata/golden-channels.txt")
	must(t, err)
	catalogues = map[string][]string{}
	for n, line := range strings.Split(string(text), "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "fields "):
			authority, fields, _ := strings.Cut(strings.TrimPrefix(line, "fields "), ": ")
			catalogues[authority] = strings.Fields(fields)
		default:
			r, ok := parsed(line)
			if !ok {
				t.Fatalf("golden-channels.txt:%d: %q is no row", n+1, line)
			}
			rows = append(rows, r)
		}
	}
	return catalogues, rows
}

func parsed(line string) (row, bool) {
	about, is, found := strings.Cut(line, " -> ")
	who, what := strings.Fields(about), strings.Fields(is)
	if !found || len(who) != 3 || len(what) == 0 {
		return row{}, false
	}
	r := row{authority: who[0], channel: who[1], who: who[2]}
	switch {
	case what[0] == "nothing":
		r.nothing = true
	case what[0] == "refused":
		r.reason = what[1]
		r.rule = strings.Join(what[2:], " ")
	default:
		beside, document, _ := strings.Cut(is, "document:")
		r.document = strings.Fields(document)
		for _, word := range strings.Fields(beside) {
			if fact, is := strings.CutPrefix(word, "+"); is {
				r.facts = append(r.facts, fact)
			} else {
				r.fields = append(r.fields, word)
			}
		}
	}
	return r, true
}

// TestThePacksAndTheTableByHandAllowTheSame: two readings of the notices, by channel, identity and authority.
// AFC-06, AFC-07, AFC-15, AFC-17, AFC-19, AFC-20, AFG-27, AFG-32, AFG-33, AFG-36, AFG-46, TES-01, STH-02, STH-08, STH-09,
// STH-10, STH-11, KSC-11, KSC-12
func TestThePacksAndTheTableByHandAllowTheSame(t *testing.T) {
	t.Parallel()
	catalogues, rows := golden(t)
	for _, authority := range policy.Default().Authorities() {
		pack, _ := policy.Default().Pack(authority)
		if diff := cmp.Diff(catalogues[authority], slices.Sorted(slices.Values(pack.Fields))); diff != "" {
			t.Errorf("%s: the catalogue of fields: %s", authority, diff)
		}
		for name := range pack.Channels {
			if !slices.Contains(everyChannel, name) {
				t.Errorf("%s has a channel %s that the table does not know", authority, name)
			}
		}
		for _, channel := range everyChannel {
			for _, who := range []string{"anonymous", "identified"} {
				i := slices.IndexFunc(rows, func(r row) bool { return r.String() == authority+" "+channel+" "+who })
				if i < 0 {
					t.Errorf("no row says what %s %s %s leaves behind", authority, channel, who)
					continue
				}
				compare(t, rows[i], pack)
			}
		}
	}
	if len(catalogues) != len(policy.Default().Authorities()) {
		t.Errorf("%d catalogues", len(catalogues))
	}
}

// compare holds a row against the pack. A row that is refused for want of a source or a mailing says nothing of fields.
func compare(t *testing.T, r row, pack *policy.Pack) {
	t.Helper()
	channel, known := pack.Channels[r.channel]
	if known != (r.reason != "unknown-channel") || known && channel.StoresNothing != r.nothing {
		t.Errorf("%s: known %v, stores nothing %v", r, known, channel.StoresNothing)
		return
	}
	if !known || r.nothing || r.reason != "" {
		return
	}
	without := func(fields []string) []string { // no consent was given
		return slices.DeleteFunc(slices.Sorted(slices.Values(fields)), func(f string) bool { return slices.Contains(channel.Consent, f) })
	}
	if all := slices.Concat(r.fields, r.document); !sameSet(all, without(channel.Store.For(r.identified()))) || !sameSet(r.document, channel.Document.Fields) {
		t.Errorf("%s: %v, of them in a document %v", r, channel.Store.For(r.identified()), channel.Document.Fields)
	}
	if !sameSet(r.facts, channel.Facts) {
		t.Errorf("%s: %v", r, channel.Facts)
	}
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// TestExactlyTheAllowedFieldsAreStored: a line with every field that the authority's catalogue has, by every channel and
// identity, through the door; what the table allows is stored, everything else is dropped and can be read nowhere.
// AFC-06, AFC-07, AFC-17, AFC-19, AFC-20, AFC-28, AFG-27, AFG-31, AFG-32, AFG-33, AFG-34, AFG-36, AFG-46, STH-02, STH-07, STH-08, STH-09,
// STH-10, STH-11, KSC-11, KSC-12, KSC-19, TES-01
func TestExactlyTheAllowedFieldsAreStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	catalogues, rows := golden(t)
	w.mailsOut("own")
	for i, r := range rows {
		catalogue := catalogues[r.authority]
		got := w.call("POST", "/v1/contacts", r.authority, map[string]string{"Content-Type": "application/json"}, fullLine(t, i, r, catalogue))
		switch {
		case r.reason != "":
			if got.Status < 400 || got.Body["reason"] != r.reason || r.rule != "" && got.Body["rule"] != r.rule {
				t.Errorf("%s: %d %v", r, got.Status, got.Body)
			}
			continue
		case got.Status != http.StatusCreated:
			t.Errorf("%s: %d %v", r, got.Status, got.Body)
			continue
		}
		stored, dropped := names(got.Body["stored"]), names(got.Body["dropped"])
		if want := slices.Concat(r.fields, r.document, r.facts); !sameSet(want, stored) {
			t.Errorf("%s: stored %s", r, cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(stored))))
		}
		rest := slices.DeleteFunc(slices.Clone(catalogue), func(f string) bool { return slices.Contains(slices.Concat(r.fields, r.document), f) })
		if !r.nothing && !sameSet(rest, dropped) {
			t.Errorf("%s: dropped %s", r, cmp.Diff(rest, dropped))
		}
		if got.Body["noticeVersion"] == nil || got.Body["noticeUrl"] == nil {
			t.Errorf("%s: no notice is named", r)
		}
		if r.nothing {
			continue
		}
		w.readsBack(r, got.Body["id"], r.fields)
		if len(r.document) > 0 {
			w.readsBack(r, got.Body["document"], r.document)
		}
	}
}

// readsBack reads what the door let in: the allowed fields, word for word, and no other.
func (w *world) readsBack(r row, id any, want []string) {
	w.t.Helper()
	seen := w.call("GET", fmt.Sprint("/v1/contacts/", id), r.authority, nil, "")
	if seen.Status != http.StatusOK {
		w.t.Errorf("%s cannot be read: %d %v", r, seen.Status, seen.Body)
		return
	}
	fields, _ := seen.Body["fields"].(map[string]any)
	if kept := slices.Collect(maps.Keys(fields)); !sameSet(kept, want) {
		w.t.Errorf("%s: read %v", r, kept)
	}
	canaries := 0
	for name, value := range fields {
		if value != valueOf(r.authority, name) {
			w.t.Errorf("%s: %s reads %v", r, name, value)
		}
		if strings.HasPrefix(valueOf(r.authority, name), "canary-") {
			canaries++
		}
	}
	if raw, _ := json.Marshal(seen.Body); strings.Count(string(raw), "canary-") != canaries {
		w.t.Errorf("%s: the answer holds more than its fields: %s", r, raw)
	}
}

// mailsOut sends a mailing, so that something of it can be opened.
func (w *world) mailsOut(id string) {
	w.t.Helper()
	sent := w.call("POST", "/v1/campaigns", af, map[string]string{"Content-Type": "application/json"},
		fmt.Sprintf(`{"id":%q,"name":"Golden","inputs":["birthDate"],"recipients":[{"nationalId":"199001012385"}]}`, id))
	if sent.Status != http.StatusCreated {
		w.t.Fatalf("no mailing goes out: %d %v", sent.Status, sent.Body)
	}
}

// fullLine is a contact with every field of the catalogue.
func fullLine(t *testing.T, i int, r row, catalogue []string) string {
	t.Helper()
	line := map[string]any{"id": fmt.Sprintf("golden-%d", i), "kind": "contact", "authority": r.authority, "channel": r.channel, "line": "0771-416416",
		"at": "2024-01-31T14:12:00+01:00", "startedAt": "2024-01-31T14:05:00+01:00", "endedAt": "2024-01-31T14:12:00+01:00", "identified": r.identified()}
	for _, more := range strings.Split(r.who, ",")[1:] {
		key, value, isText := strings.Cut(more, "=")
		if line[key] = any(value); !isText {
			line[key] = true
		}
	}
	fields := map[string]string{}
	for _, name := range catalogue {
		fields[name] = valueOf(r.authority, name)
	}
	line["fields"] = fields
	text, err := json.Marshal(line)
	must(t, err)
	return string(text)
}

func valueOf(authority, field string) string {
	switch {
	case field == "nationalId" && strings.HasPrefix(authority, "te-"):
		return "250777-9720"
	case field == "nationalId":
		return "199001012385"
	case field == "name":
		return "Anna Kanarie"
	default:
		return "canary-" + field
	}
}

func names(list any) (all []string) {
	items, _ := list.([]any)
	for _, item := range items {
		all = append(all, fmt.Sprint(item))
	}
	return all
}
