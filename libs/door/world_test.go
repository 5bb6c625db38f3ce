package door_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

const af = "arbetsformedlingen"

// desk carries out lines: it remembers their ids, and what came together.
type desk struct {
	mu       sync.Mutex
	known    map[string]bool
	carried  []string
	together []int
	outcomes map[string]int
	log      bytes.Buffer
	ended    chan struct{} // a request has ended
}

func newDesk() *desk {
	return &desk{known: map[string]bool{}, outcomes: map[string]int{}, ended: make(chan struct{}, 100)}
}

var errFault = errors.New("the database is away")

func (d *desk) carry(ctx context.Context, raw []byte) (any, bool, error) {
	members, _, err := strict.Line(raw)
	if err != nil {
		return nil, false, err
	}
	id, _ := strict.Text(members["id"])
	authority, _ := strict.Text(members["authority"])
	switch {
	case !bearer.BelongsTo(ctx, authority):
		return nil, false, problem.New("forbidden")
	case id == "fault":
		return nil, false, errFault
	case id == "away":
		return nil, false, problem.Unavailable(1500 * 1e6)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	repeat := d.known[id]
	d.known[id] = true
	d.carried = append(d.carried, id)
	return map[string]string{"id": "r-" + id}, repeat, nil
}

func (d *desk) carryMany(ctx context.Context, lines [][]byte) []door.Outcome {
	d.mu.Lock()
	d.together = append(d.together, len(lines))
	d.mu.Unlock()
	outcomes := make([]door.Outcome, len(lines))
	for i, raw := range lines {
		outcomes[i].Answer, outcomes[i].Duplicate, outcomes[i].Err = d.carry(ctx, raw)
	}
	return outcomes
}

func (d *desk) count(outcome string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.outcomes[outcome]++
}

func (d *desk) ids() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.carried, " ")
}

func (d *desk) door(many bool) *door.Door {
	opened := &door.Door{Carry: d.carry, Count: d.count, Log: slog.New(slog.NewTextHandler(&d.log, nil))}
	if many {
		opened.CarryMany = d.carryMany
	}
	return opened
}

// serve is an HTTP server with the door behind a login of af.
func (d *desk) serve(t *testing.T, many bool) string {
	t.Helper()
	opened := d.door(many)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		opened.ServeHTTP(w, r.WithContext(bearer.With(r.Context(), bearer.Claims{Authority: af, Name: "olle"})))
		d.ended <- struct{}{}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// answered is an answer with what it says.
type answered struct {
	status    int
	duplicate bool
	header    http.Header
	body      map[string]any
}

func (a answered) reason() string { s, _ := a.body["reason"].(string); return s }

func post(t *testing.T, url, body string, header ...string) answered {
	t.Helper()
	raw, res := send(t, url, strings.NewReader(body), header...)
	a := answered{status: res.StatusCode, duplicate: res.Header.Get(door.HeaderDuplicate) == "true", header: res.Header}
	must(t, json.Unmarshal(raw, &a.body))
	return a
}

func send(t *testing.T, url string, body io.Reader, header ...string) ([]byte, *http.Response) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
	must(t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	must(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	return raw, res
}

// line is a line of af.
func line(id string) string {
	return `{"id":"` + id + `","kind":"contact","authority":"` + af + `"}`
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
