package door_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gallra.se/libs/door"
)

func TestOneLineIsAnsweredAndARepeatIsMarked(t *testing.T) {
	t.Parallel()
	d := newDesk()
	url := d.serve(t, true)
	for i, contentType := range []string{"application/json", "application/json; charset=UTF-8"} {
		a := post(t, url, line("a"), "Content-Type", contentType)
		if a.status != http.StatusCreated || a.body["id"] != "r-a" || a.duplicate != (i == 1) || a.header.Get("Content-Type") != "application/json" {
			t.Errorf("%d: %+v", i, a)
		}
	}
	if d.outcomes["accepted"] != 1 || d.outcomes["duplicate"] != 1 || len(d.together) != 0 {
		t.Errorf("%v %v", d.outcomes, d.together)
	}
}

func TestWhatIsNoLineIsRefusedAndNotCarried(t *testing.T) {
	t.Parallel()
	d := newDesk()
	url := d.serve(t, false)
	for name, c := range map[string]struct {
		contentType, body string
		status            int
		reason            string
	}{
		"no media type":      {"", line("x"), 415, "unsupported-media-type"},
		"xml":                {"text/xml", line("x"), 415, "unsupported-media-type"},
		"a batch of events":  {"application/cloudevents-batch+json", "[]", 415, "unsupported-media-type"},
		"latin-1":            {"application/json; charset=latin1", line("x"), 415, "unsupported-media-type"},
		"no charset's name":  {"application/json; charset=", line("x"), 415, "unsupported-media-type"},
		"a broken line":      {"application/json", `{"id":"canary`, 400, "not-json"},
		"nothing":            {"application/json", ``, 400, "not-json"},
		"a byte over a MiB":  {"application/json", strings.Repeat(" ", door.MaxLine+1-len(line("x"))) + line("x"), 413, "too-large"},
		"another authority":  {"application/json", strings.Replace(line("x"), af, "te-customer-service", 1), 403, "forbidden"},
		"an event too large": {"application/cloudevents+json", strings.Repeat(" ", door.MaxLine+64<<10+1), 413, "too-large"},
	} {
		a := post(t, url, c.body, "Content-Type", c.contentType)
		if a.status != c.status || a.reason() != c.reason || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %+v", name, a)
		}
		if d.outcomes[c.reason] == 0 {
			t.Errorf("%s is not counted: %v", name, d.outcomes)
		}
	}
	if d.ids() != "" {
		t.Errorf("carried out: %s", d.ids())
	}
	if a := post(t, url, strings.Repeat(" ", door.MaxLine-len(line("x")))+line("x"), "Content-Type", "application/json"); a.status != http.StatusCreated {
		t.Errorf("a MiB: %+v", a)
	}
}

func TestAFaultIsLoggedAndNotTold(t *testing.T) {
	t.Parallel()
	d := newDesk()
	a := post(t, d.serve(t, true), line("fault"), "Content-Type", "application/json")
	if a.status != 500 || a.reason() != "internal" || a.body["detail"] != nil {
		t.Errorf("%+v", a)
	}
	if !strings.Contains(d.log.String(), errFault.Error()) || d.outcomes["internal"] != 1 {
		t.Errorf("%v %s", d.outcomes, d.log.String())
	}
}

func TestWhoIsToComeAgainHearsWhen(t *testing.T) {
	t.Parallel()
	a := post(t, newDesk().serve(t, true), line("away"), "Content-Type", "application/json")
	if a.status != 503 || a.header.Get("Retry-After") != "2" {
		t.Errorf("%+v", a)
	}
}

func TestASenderWhoIsGoneIsNoFaultOfOurs(t *testing.T) {
	t.Parallel()
	d := newDesk()
	opened := d.door(false)
	opened.Carry = func(ctx context.Context, _ []byte) (any, bool, error) { return nil, false, ctx.Err() }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(line("a")))
	r.Header.Set("Content-Type", "application/json")
	opened.ServeHTTP(httptest.NewRecorder(), r)
	if d.log.Len() != 0 || d.outcomes["abandoned"] != 1 {
		t.Errorf("%v %s", d.outcomes, d.log.String())
	}
}
