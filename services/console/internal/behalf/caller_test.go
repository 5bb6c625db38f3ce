package behalf

import (
	"crypto/ed25519"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
	"gallra.se/services/console/internal/login"
)

const somebody = "3c1b4c84-0e0f-4b0e-9c68-0d2f0a54c101"

// speaking is an officer's voice to a service that answers so.
func speaking(t *testing.T, answer http.HandlerFunc) (Voice, ed25519.PublicKey) {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	c := &Caller{Base: server.URL, Client: &http.Client{Transport: &http.Transport{}}, Key: key, Clock: clock.Real()}
	return c.For(login.Officer{Account: "karin", Authority: "arbetsformedlingen", Roles: []string{"case-officer"}, Undertaking: "2999-12-31"}, "case-handling", time.UTC), public
}

func TestAQuestionSaysWhoAsksAndWhyForAMinute(t *testing.T) {
	t.Parallel()
	var asked *http.Request
	v, public := speaking(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r
		_, _ = io.WriteString(w, `{"id":"x"}`)
	})
	if _, err := v.Person(t.Context(), somebody); err != nil {
		t.Fatal(err)
	}
	signed := strings.TrimPrefix(asked.Header.Get("Authorization"), "Bearer ")
	who, err := bearer.NewVerifier(public).Verify(signed)
	if err != nil || who.Name != "karin" || who.Authority != "arbetsformedlingen" || !who.Undertaking || who.Trained || asked.Header.Get(Purpose) != "case-handling" {
		t.Errorf("%+v %v %v", who, err, asked.Header)
	}
	if asked.Method != http.MethodGet || asked.URL.Path != "/v1/persons/"+somebody || asked.Header.Get("Content-Type") != "" {
		t.Errorf("%s %s", asked.Method, asked.URL)
	}
}

func TestARefusalIsTheServicesOwn(t *testing.T) {
	t.Parallel()
	v, _ := speaking(t, func(w http.ResponseWriter, _ *http.Request) { problem.Write(w, problem.ByRule("denied", "AFG-17")) })
	err := v.Write(t.Context(), somebody, NewNote{Text: "x"})
	if said := problem.From(err); said.Status != http.StatusForbidden || said.Rule != "AFG-17" || errors.Is(err, ErrSilent) {
		t.Errorf("%+v", said)
	}
}

func TestWhatIsNoAnswerIsSilence(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"no JSON":              func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"another shape":        func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"fields":7}`) },
		"a refusal in no form": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "404 page not found", 404) },
		"a fault":              func(w http.ResponseWriter, _ *http.Request) { problem.Write(w, problem.New(problem.Internal)) },
		"away":                 func(w http.ResponseWriter, _ *http.Request) { problem.Write(w, problem.Unavailable(time.Second)) },
		"half of it": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"id":`)
		},
		"without end": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"id":"`+strings.Repeat("x", most)+`"}`)
		},
	} {
		v, _ := speaking(t, answer)
		if _, err := v.Person(t.Context(), somebody); !errors.Is(err, ErrSilent) || problem.Refused(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	v, _ := speaking(t, func(http.ResponseWriter, *http.Request) {})
	v.caller.Base = "http://127.0.0.1:1"
	if _, err := v.Person(t.Context(), somebody); !errors.Is(err, ErrSilent) || strings.Contains(err.Error(), somebody) {
		t.Error(err)
	}
}

// FuzzOpaque: whatever stands in an address of the console, what is asked for is an id and nothing more.
func FuzzOpaque(f *testing.F) {
	for _, seed := range []string{somebody, strings.ToUpper(somebody), "{" + somebody + "}", "urn:uuid:" + somebody, "..", "../cases", "", strings.ReplaceAll(somebody, "-", ""), "x?y#z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := opaque(text)
		if err != nil {
			if problem.From(err).Reason != "not-found" {
				t.Error(err)
			}
			return
		}
		if len(id) != 36 || strings.Trim(id, "0123456789abcdef-") != "" {
			t.Errorf("%q becomes %q", text, id)
		}
	})
}
