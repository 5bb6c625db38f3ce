package gateway

import (
	"bufio"
	"bytes"
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

// answering answers each line of a stream with a line, at once.
func answering(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.EnableFullDuplex()
	lines := bufio.NewScanner(r.Body)
	for lines.Scan() {
		_, _ = io.WriteString(w, "201\n")
		_ = control.Flush()
	}
}

// A server that has begun to answer throws the rest of the request away, unless it is told not to.
func TestEveryLineOfALongStreamReachesTheServiceThatAnswersAsItReads(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "gw")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	listener, err := net.Listen("unix", filepath.Join(dir, "intake"))
	if err != nil {
		t.Fatal(err)
	}
	behind := httptest.NewUnstartedServer(http.HandlerFunc(answering))
	behind.Listener = listener
	behind.Start()
	t.Cleanup(behind.Close)
	server := httptest.NewServer(New(map[string]string{"intake": filepath.Join(dir, "intake")}, nil, slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)

	const lines = 400 // all of them less than a server is willing to throw away
	body := strings.Repeat(strings.Repeat("x", 400)+"\n", lines)
	response, err := http.Post(server.URL+"/v1/contacts", "application/x-ndjson", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if n := bytes.Count(said, []byte("\n")); err != nil || n != lines {
		t.Errorf("%d of %d lines are answered: %v", n, lines, err)
	}
}
