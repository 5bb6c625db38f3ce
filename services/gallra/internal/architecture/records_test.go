package architecture

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// record is the second line of an ADR: its date, its standing, what it concerns.
var record = regexp.MustCompile(`(?m)^# (\d+)\. .+\n\n\d{4}-\d{2}-\d{2} · (?:accepted|superseded by \[\d+\]\(.+\)) · D\d`)

func TestEveryDecisionRecordIsNumberedDatedListedAndMayBeReopened(t *testing.T) {
	t.Parallel()
	list := read(t, "docs/adr/README.md")
	entries, err := os.ReadDir(filepath.Join(top, "docs/adr"))
	if errors.Is(err, fs.ErrNotExist) || len(entries) < 2 {
		t.Fatal("there are no decision records")
	}
	for _, entry := range entries {
		if entry.Name() == "README.md" {
			continue
		}
		text := read(t, "docs/adr/"+entry.Name())
		head := record.FindStringSubmatch(text)
		if head == nil || !strings.HasPrefix(entry.Name(), strings.Repeat("0", 4-len(head[1]))+head[1]+"-") {
			t.Errorf("%s does not begin with its number, date, standing and decision", entry.Name())
		}
		if !strings.Contains(text, "**Reopen when**") || len(strings.Fields(text)) > 400 {
			t.Errorf("%s does not say on half a page when to reopen it", entry.Name())
		}
		if !strings.Contains(list, "("+entry.Name()+")") {
			t.Errorf("docs/adr/README.md does not list %s", entry.Name())
		}
	}
}
