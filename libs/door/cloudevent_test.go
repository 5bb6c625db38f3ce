package door_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gallra.se/libs/door"
)

const structuredType = "application/cloudevents+json"

// event is a structured-mode CloudEvent around data, a member with its value.
func event(data string) string {
	return `{"specversion":"1.0","id":"x","source":"/test","type":"se.gallra.input.contact.v1","datacontenttype":"application/json",` + data + `}`
}

func TestALineInAnEventIsThatLine(t *testing.T) {
	t.Parallel()
	d := newDesk()
	url := d.serve(t, true)
	base64 := base64.StdEncoding.EncodeToString([]byte(line("b")))
	long := strings.Replace(line("c"), "{", "{"+strings.Repeat(" ", door.MaxLine-len(line("c"))), 1)
	for name, a := range map[string]answered{
		"structured":               post(t, url, event(`"data":`+line("a")), "Content-Type", structuredType+"; charset=utf-8"),
		"structured, in base64":    post(t, url, event(`"data_base64":"`+base64+`"`), "Content-Type", structuredType),
		"structured, a MiB inside": post(t, url, event(`"data":`+long), "Content-Type", structuredType),
		"binary":                   post(t, url, line("d"), binary("contact")...),
	} {
		if a.status != http.StatusCreated || a.duplicate {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if len(d.carried) != 4 {
		t.Errorf("carried out: %s", d.ids())
	}
}

func binary(kind string, more ...string) []string {
	return append([]string{"Content-Type", "application/json", "ce-specversion", "1.0", "ce-id", "x", "ce-source", "/test",
		"ce-type", "se.gallra.input." + kind + ".v1"}, more...)
}

func TestAnEventThatIsNoneOrHoldsAnotherLineIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk()
	url := d.serve(t, false)
	good := event(`"data":` + line("x"))
	for name, c := range map[string]struct {
		a    answered
		want string
	}{
		"no JSON":                  {post(t, url, good[:40], "Content-Type", structuredType), "400 not-json"},
		"an attribute twice":       {post(t, url, strings.Replace(good, `"id":"x"`, `"id":"x","id":"y"`, 1), "Content-Type", structuredType), "400 not-json"},
		"no id":                    {post(t, url, strings.Replace(good, `"id":"x",`, ``, 1), "Content-Type", structuredType), "422 invalid-field"},
		"another version":          {post(t, url, strings.Replace(good, `"1.0"`, `"7.0"`, 1), "Content-Type", structuredType), "422 invalid-field"},
		"xml inside":               {post(t, url, strings.Replace(event(`"data":"<x/>"`), "application/json", "text/xml", 1), "Content-Type", structuredType), "415 unsupported-media-type"},
		"another kind":             {post(t, url, strings.Replace(good, "input.contact", "input.case.opened", 1), "Content-Type", structuredType), "422 unknown-kind"},
		"nobody's type":            {post(t, url, strings.Replace(good, "se.gallra.input", "com.example", 1), "Content-Type", structuredType), "422 unknown-kind"},
		"no data":                  {post(t, url, event(`"subject":"s"`), "Content-Type", structuredType), "400 not-json"},
		"data over a MiB":          {post(t, url, event(`"data":"`+strings.Repeat("x", door.MaxLine)+`"`), "Content-Type", structuredType), "413 too-large"},
		"binary, no id":            {post(t, url, line("x"), binary("contact", "ce-id", "")...), "422 missing-field"},
		"binary, another version":  {post(t, url, line("x"), binary("contact", "ce-specversion", "0.3")...), "422 invalid-field"},
		"binary, another kind":     {post(t, url, line("x"), binary("case.opened")...), "422 unknown-kind"},
		"binary, nobody's type":    {post(t, url, line("x"), binary("contact", "ce-type", "com.example.contact")...), "422 unknown-kind"},
		"binary, a broken line":    {post(t, url, `{"kind":"contact"`, binary("unknown")...), "400 not-json"},
		"binary, a line in pieces": {post(t, url, line("x")+line("y"), binary("contact")...), "400 not-json"},
	} {
		if got := fmt.Sprint(c.a.status, " ", c.a.reason()); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if d.ids() != "" {
		t.Errorf("carried out: %s", d.ids())
	}
}
