package sim

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASearchAnswersWithPlacesAndTellsNobodyWhatItLookedFor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "planted"), []byte("before Anna Kanarie after"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	scan := Scan{Root: dir, Log: slog.New(slog.NewTextHandler(&log, nil))}
	for _, c := range []struct {
		body   string
		status int
		says   string
	}{
		{`{"needles":["199001012385","Anna Kanarie"]}`, http.StatusOK, `{"finds":[{"needle":1,"form":"utf-8","file":"planted","offset":7}]}`},
		{`{"needles":["Bertil Kanarie"]}`, http.StatusOK, `{"finds":[]}`},
		{`{"needles":["Bo"]}`, http.StatusUnprocessableEntity, "needles"},
		{`{"needles":[]}`, http.StatusUnprocessableEntity, "needles"},
		{`{"words":["Bertil"]}`, http.StatusBadRequest, "not-json"},
	} {
		answer := httptest.NewRecorder()
		scan.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, ScanPath, strings.NewReader(c.body)))
		if answer.Code != c.status || !strings.Contains(answer.Body.String(), c.says) {
			t.Errorf("%s: %d %s", c.body, answer.Code, answer.Body)
		}
		if strings.Contains(answer.Body.String()+log.String(), "Kanarie") {
			t.Errorf("%s is repeated: %s %s", c.body, answer.Body, &log)
		}
	}
}
