package gateway

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// named serves its own name on a socket.
func named(t *testing.T, dir, name string) string {
	t.Helper()
	socket := filepath.Join(dir, name)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, name+" "+r.URL.Path)
	})}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Close() })
	return socket
}

func frontDoor(t *testing.T) *httptest.Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "gw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	sockets := map[string]string{"intake": named(t, dir, "intake"), "case-linker": named(t, dir, "case-linker"),
		"console": named(t, dir, "console"), "ledger": filepath.Join(dir, "nobody")}
	own := map[string]http.Handler{"/sim/": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "sim") })}
	server := httptest.NewServer(New(sockets, own, slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)
	return server
}

func TestEachPathGoesToTheServiceThatOwnsIt(t *testing.T) {
	t.Parallel()
	server := frontDoor(t)
	for path, want := range map[string]string{
		"/v1/contacts":        "intake /v1/contacts",
		"/v1/contacts/x/note": "intake /v1/contacts/x/note",
		"/v1/cases/x/notes":   "case-linker /v1/cases/x/notes",
		"/v1/summary":         "console /v1/summary",
		"/":                   "console /",
		"/v1/contactsandmore": "console /v1/contactsandmore",
		"/sim/clock":          "sim",
		"/metrics/intake":     "intake /metrics",
	} {
		response, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || string(body) != want {
			t.Errorf("%s answered %q, want %q (%v)", path, body, want, err)
		}
	}
}

func TestAServiceThatIsDownAsksTheCallerToComeAgain(t *testing.T) {
	t.Parallel()
	response, err := http.Get(frontDoor(t).URL + "/v1/ledger/key")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") != "1" || !strings.Contains(string(body), "unavailable") {
		t.Errorf("%d %v %s", response.StatusCode, response.Header, body)
	}
}
