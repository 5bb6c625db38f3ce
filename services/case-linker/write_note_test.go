package caselinker_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestANoteWrittenInACaseIsReadThereAndABadOneLeavesNothing(t *testing.T) {
	w := newWorld(t, "2023-05-02T09:00:00+02:00")
	_, caseID := w.open("AF-1")
	path := "/v1/cases/" + caseID.String() + "/notes"
	post := func(path, contentType, body string) answer {
		t.Helper()
		return w.call(http.MethodPost, path, contentType, []byte(body))
	}
	if a := post(path, "application/json", `{"at":"2023-05-02T08:59:00+02:00","text":"kanarie-note"}`); a.Status != http.StatusCreated || w.status("/v1/notes/"+a.Note.String()) != http.StatusOK {
		t.Errorf("%d %s", a.Status, a.body)
	}
	for name, c := range map[string]struct {
		path, contentType, body string
		status                  int
		reason, field           string
	}{
		"xml":               {path, "text/xml", `<x/>`, 415, "unsupported-media-type", ""},
		"broken":            {path, "application/json", `{"text":"kanarie`, 400, "not-json", ""},
		"a stranger":        {path, "application/json", `{"text":"x","mood":"kanarie"}`, 422, "unknown-field", "mood"},
		"content as a name": {path, "application/json", `{"text":"x","Berit Kanarietva":""}`, 422, "unknown-field", ""},
		"a number":          {path, "application/json", `{"text":7}`, 422, "invalid-field", "text"},
		"no text":           {path, "application/json", `{}`, 422, "missing-field", "text"},
		"a bell":            {path, "application/json", `{"text":"kanarie\u0007"}`, 422, "invalid-text", "text"},
		"too much":          {path, "application/json", `{"text":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "too-large", ""},
		"tomorrow":          {path, "application/json", `{"at":"2023-05-03T09:00:00+02:00","text":"x"}`, 422, "invalid-time", "at"},
		"nobody's case":     {"/v1/cases/" + uuid.NewString() + "/notes", "application/json", `{"text":"x"}`, 404, "not-found", ""},
	} {
		a := post(c.path, c.contentType, c.body)
		if a.Status != c.status || a.Reason != c.reason || a.Field != c.field || strings.Contains(strings.ToLower(a.body), "kanarie") {
			t.Errorf("%s: %d %s", name, a.Status, a.body)
		}
	}
	if n := w.count(`SELECT count(*) FROM note`); n != 1 {
		t.Errorf("%d notes", n)
	}
}
