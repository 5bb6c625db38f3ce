package console_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"flag"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/logs"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/serve"

	"gallra.se/services/console"
)

var update = flag.Bool("update", false, "write the golden files again")

const (
	boardRows = `[{"authority":"arbetsformedlingen","rule":"AFC-10","title":"x","running":11600,"disposed":139,"nextDue":"2025-04-30T22:00:00Z","overdue":0},
		{"authority":"arbetsformedlingen","rule":"AFC-13","title":"x","running":20,"disposed":208,"nextDue":"2026-03-01","overdue":0},
		{"authority":"te-customer-service","rule":"KSC-17","title":"x","running":0,"disposed":50,"nextDue":"","overdue":0}]`
	overdueRows = `[{"authority":"arbetsformedlingen","rule":"AFC-10","title":"x","running":3,"disposed":1,"nextDue":"2025-05-01","overdue":2}]`
)

var said = map[string]string{
	"intake":                   `{"dropped":{"email":38,"name":0},"stored":{"contact.chat":161},"living":{"contact.phone-log":11600},"counters":{"calls/2025-04":7}}`,
	"case-linker":              `{"stored":{"case.file":64},"living":{"case.file":20},"unlinkedNotes":{},"counters":{"persons":42}}`,
	"ledger":                   `{"disposed":{"AFC-10":139,"AFC-13":208,"KSC-17":50}}`,
	"statistics-pseudonymiser": `{"separated":64,"present":60,"disposed":4}`,
	"disclosure":               `{"disclosures":{"released/delivered":3,"denied/closed":1}}`,
}

func TestThePageIsTheSameAsTheOneThatWasAgreed(t *testing.T) {
	t.Parallel()
	s := start(t, boardRows, said)
	for _, lang := range []string{"sv", "en"} {
		_, body := s.get("/?lang="+lang, "")
		golden(t, "testdata/board."+lang+".html", body)
	}
}

func TestTheLanguageIsTheOneAskedForElseTheBrowsersElseSwedish(t *testing.T) {
	t.Parallel()
	s := start(t, boardRows, said)
	for _, row := range []struct{ path, accept, want string }{
		{"/", "", "sv"}, {"/", "en-GB,en;q=0.8", "en"}, {"/", "fi", "sv"}, {"/?lang=en", "sv", "en"}, {"/?lang=sv", "en", "sv"}, {"/?lang=xx", "en", "en"},
	} {
		if resp, body := s.get(row.path, row.accept); !strings.Contains(body, `<html lang="`+row.want+`">`) || resp.Header.Get("Content-Language") != row.want {
			t.Errorf("%s with %q is in %q", row.path, row.accept, resp.Header.Get("Content-Language"))
		}
	}
}

func TestAnOverdueRecordIsTheFirstThingOnThePage(t *testing.T) {
	t.Parallel()
	s := start(t, overdueRows, said)
	_, body := s.get("/?lang=en", "")
	if !strings.Contains(body, `<strong data-test="overdue">2</strong> Something is overdue.`) {
		t.Error(body)
	}
}

func TestWhatIsNotKnownIsNotShownAsZero(t *testing.T) {
	t.Parallel()
	s := start(t, "", map[string]string{"intake": said["intake"]})
	_, body := s.get("/?lang=en", "")
	for _, want := range []string{"Not every service answers", "No answer from", "ledger", `<td data-label="Overdue" class="n">?</td>`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(body, "Every promise is kept") {
		t.Error("a promise is said to be kept without knowing")
	}
}

func TestThePageNeedsNoScriptAndNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	s := start(t, boardRows, said)
	resp, body := s.get("/", "")
	if strings.Contains(body, "<script") || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("scripts")
	}
	for _, m := range regexp.MustCompile(`(?:src|<link[^>]*href)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		if strings.Contains(m[1], "//") {
			t.Errorf("loads %s", m[1])
		}
	}
	if resp, css := s.get("/style.css", ""); resp.StatusCode != 200 || strings.Contains(css, "url(") {
		t.Error("style sheet")
	}
	if resp, _ := s.get("/elsewhere", ""); resp.StatusCode != 404 {
		t.Errorf("an unknown page: %d", resp.StatusCode)
	}
}

type system struct {
	t     *testing.T
	nc    *nats.Conn
	url   string
	token string
}

// start runs a console whose services say what the test gives them; those without words are silent.
func start(t *testing.T, rows string, summaries map[string]string) *system {
	t.Helper()
	s := &system{t: t, nc: bustest.Server(t)}
	if rows != "" {
		s.answer("ask.retention-timer.board", rows)
	}
	for service, words := range summaries {
		s.answer("ask."+service+".summary", words)
	}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s.token, err = bearer.Sign(key, bearer.Claims{Authority: "arbetsformedlingen", Name: "o", Roles: []string{"operator"}}, clock.PaceNow(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	s.run(bearer.NewVerifier(pub))
	return s
}

func (s *system) run(v *bearer.Verifier) {
	s.t.Helper()
	set, err := policy.Load(policy.Packs())
	if err != nil {
		s.t.Fatal(err)
	}
	l, err := serve.Listen(s.t.Context(), "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := console.New(console.Deps{Listener: l, NC: s.nc, Clock: standing{}, Policy: set, Bearer: v, Log: logs.New(io.Discard, console.Name)})
	if err != nil {
		s.t.Fatal(err)
	}
	s.url = "http://" + l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
	})
}

func (s *system) answer(subject, words string) {
	s.t.Helper()
	if err := bus.Answer(s.t.Context(), s.nc, subject, "q", func(context.Context, []byte) ([]byte, error) { return []byte(words), nil }); err != nil {
		s.t.Fatal(err)
	}
}

// refuse answers a question with a problem.
func (s *system) refuse(subject, reason string) {
	s.t.Helper()
	if err := bus.Answer(s.t.Context(), s.nc, subject, "q", func(context.Context, []byte) ([]byte, error) { return nil, problem.New(reason) }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *system) get(path, accept string) (*http.Response, string) {
	s.t.Helper()
	return s.call(path, http.Header{"Accept-Language": {accept}})
}

func (s *system) call(path string, header http.Header) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header = header
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(body)
}

// standing is a simulated clock that does not move.
type standing struct{}

func (standing) Now() time.Time         { return time.Date(2025, 4, 30, 12, 0, 0, 0, time.UTC) }
func (standing) Version() int64         { return 7 }
func (standing) Simulated() bool        { return true }
func (standing) Moved() <-chan struct{} { return nil }

func golden(t *testing.T, file, found string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(found), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != found {
		t.Errorf("%s is not the page that was agreed; look at it and run with -update", file)
	}
}
