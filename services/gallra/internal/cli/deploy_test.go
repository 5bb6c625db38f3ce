package cli

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"gallra.se/services/gallra/internal/client"
)

func TestWhatIsMadeForADeploymentIsSaidOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/secrets"
	var first, second, complaints bytes.Buffer
	for _, said := range []*bytes.Buffer{&first, &second} {
		if status := Main([]string{"deploy", "secrets", "--dir", dir, "--host", "gallra.example.org"}, said, &complaints); status != 0 {
			t.Fatalf("%d: %s", status, complaints.String())
		}
	}
	if !strings.Contains(first.String(), "tls/gateway.haproxy.pem\n") || second.Len() > 0 {
		t.Errorf("first %q, then %q", first.String(), second.String())
	}
}

// deployment is not ready the first time that it is asked, and says so in the given words.
func deployment(t *testing.T, status int, words string) *httptest.Server {
	t.Helper()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" || asked.Add(1) > 1 {
			return
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, words)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestWaitingForADeploymentNamesWhoIsMissingAndLeavesItsPlace(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir() + "/secrets"
	if status := Main([]string{"deploy", "secrets", "--dir", dir}, io.Discard, io.Discard); status != 0 {
		t.Fatal(status)
	}
	for words, want := range map[string]string{
		"not ready: intake, ledger\n":               "waiting: not ready: intake, ledger\n",
		`{"title":"Not available just now"}` + "\n": "waiting: control does not answer yet\n",
	} {
		server := deployment(t, http.StatusServiceUnavailable, words)
		var out, errs bytes.Buffer
		if status := Main([]string{"deploy", "await", "--dir", dir, "--url", server.URL, "--nats", "tls://127.0.0.1:4222"}, &out, &errs); status != 0 {
			t.Fatalf("%d: %s", status, errs.String())
		}
		if errs.String() != want || !strings.Contains(out.String(), "ready: "+server.URL) {
			t.Errorf("%q: %q and %q", words, errs.String(), out.String())
		}
		found, ok, err := client.Find(server.URL)
		if err != nil || !ok || found.Secrets != dir || found.TokenKey != dir+"/tokens.pem" || found.Nats.URL != "tls://127.0.0.1:4222" {
			t.Errorf("%+v %v %v", found, ok, err)
		}
	}
}

func TestADeploymentThatIsNotThereInTimeIsAnErrorThatNamesWhoIsMissing(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir() + "/secrets"
	if status := Main([]string{"deploy", "secrets", "--dir", dir}, io.Discard, io.Discard); status != 0 {
		t.Fatal(status)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "not ready: ledger\n")
	}))
	defer server.Close()
	var errs bytes.Buffer
	status := Main([]string{"deploy", "await", "--dir", dir, "--url", server.URL, "--timeout", "100ms"}, io.Discard, &errs)
	if status != 1 || !strings.Contains(errs.String(), "not ready after 100ms: not ready: ledger") {
		t.Errorf("%d: %s", status, errs.String())
	}
	if _, ok, _ := client.Find(server.URL); ok {
		t.Error("what is not ready is found")
	}
}
