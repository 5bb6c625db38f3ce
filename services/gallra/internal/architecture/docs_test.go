package architecture

import (
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gallra.se/events"
)

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.Doc == "" && !p.testOnly() {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func TestEveryServicesReadmeStatesItsPromiseAndNamesItsEvents(t *testing.T) {
	t.Parallel()
	for _, folder := range modules(t) {
		service, ok := strings.CutPrefix(folder, "services/")
		if !ok {
			continue
		}
		text := read(t, folder+"/README.md")
		if !strings.Contains(text, "**Promise") {
			t.Errorf("%s/README.md states no promise", folder)
		}
		for _, event := range events.Catalogue {
			sends := slices.ContainsFunc(event.Sources, func(s events.Source) bool { return s.Service == service })
			if name := strings.TrimSuffix(event.Name(), ".v1"); (sends || slices.Contains(event.Consumers, service)) && !strings.Contains(text, name) {
				t.Errorf("%s/README.md does not name %s", folder, name)
			}
		}
	}
}

var table = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

func TestEveryServicesReadmeNamesItsTables(t *testing.T) {
	t.Parallel()
	for _, file := range files(t) {
		folder, _, found := strings.Cut(file, "/internal/store/migrations/")
		if !found {
			continue
		}
		page := read(t, folder+"/README.md")
		for _, made := range table.FindAllStringSubmatch(read(t, file), -1) {
			if dropped(t, folder, made[1]) {
				continue
			}
			if !strings.Contains(page, "`"+made[1]+"`") {
				t.Errorf("%s/README.md does not name the table %s", folder, made[1])
			}
		}
	}
}

// dropped says whether a later migration of the service, on its way up, drops a table.
func dropped(t *testing.T, folder, table string) bool {
	t.Helper()
	for _, file := range files(t) {
		if strings.HasPrefix(file, folder+"/internal/store/migrations/") {
			up, _, _ := strings.Cut(read(t, file), "-- +goose Down")
			if strings.Contains(up, "DROP TABLE "+table+";") {
				return true
			}
		}
	}
	return false
}

// documents are the pages of the project.
func documents(t *testing.T) []string {
	t.Helper()
	all := slices.DeleteFunc(files(t), func(path string) bool { return !strings.HasSuffix(path, ".md") })
	for _, known := range []string{"README.md", "ARCHITECTURE.md", "docs/adr/README.md", "events/README.md"} {
		if !slices.Contains(all, known) {
			t.Errorf("%s is missing", known)
		}
	}
	return all
}

var (
	link = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	// quoted is code that looks like a place in the project, from its top or, for
	// internal/ and testdata/, from the page's own folder.
	quoted = regexp.MustCompile("`((?:libs|services|events|docs|scenarios|deploy|tools|internal|testdata|acceptance|bench|\\.ci)/[\\w./*-]*)`")
)

func TestEveryPlaceThatADocumentNamesIsThere(t *testing.T) {
	t.Parallel()
	named := 0
	for _, page := range documents(t) {
		text := read(t, page)
		for _, found := range link.FindAllStringSubmatch(text, -1) {
			target, _, _ := strings.Cut(found[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			named++
			if !there(path.Join(path.Dir(page), target)) {
				t.Errorf("%s links to %s", page, target)
			}
		}
		for _, found := range quoted.FindAllStringSubmatch(text, -1) {
			named++
			if !there(found[1]) && !there(path.Join(path.Dir(page), found[1])) {
				t.Errorf("%s names %s", page, found[1])
			}
		}
	}
	if named < 100 {
		t.Errorf("only %d places were found in the documents", named)
	}
}

// there says that a path, with * for any name, exists.
func there(pattern string) bool {
	found, err := filepath.Glob(filepath.Join(top, filepath.FromSlash(pattern)))
	return err == nil && len(found) > 0
}
