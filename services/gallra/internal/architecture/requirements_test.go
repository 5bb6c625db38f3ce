package architecture

import (
	"encoding/csv"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// shownHere are the kinds of requirements that this system must show to keep; the others have tables of their own, as
// libs/policy/requirements_test.go for periods.
var shownHere = []string{"minimisation", "legal basis", "access control", "security", "processor", "transfer", "notice"}

// requirementID is how a requirement is named, as a word.
var requirementID = regexp.MustCompile(`\b(?:AFC|AFG|TES|STH|KSC|L)-[0-9]{2}\b`)

// TestEveryRequirementIsShownOrExcused reads testdata/requirements.csv: each row of the kinds above is named by a test or
// promised by a scenario, or stands with its reason in testdata/requirements-excused.txt, and never both.
func TestEveryRequirementIsShownOrExcused(t *testing.T) {
	t.Parallel()
	rows := requirements(t)
	shown, excused := shownBy(t), excuses(t)
	for _, row := range rows {
		id, kind, paraphrase := row[0], row[2], row[3]
		if !slices.Contains(shownHere, kind) {
			continue
		}
		switch where, reason := shown[id], excused[id]; {
		case where == "" && reason == "":
			t.Errorf("no test and no scenario shows %s (%s): %s", id, kind, paraphrase)
		case where != "" && reason != "":
			t.Errorf("%s is excused (%s) and yet shown in %s", id, reason, where)
		}
	}
	for id := range excused {
		if i := slices.IndexFunc(rows, func(row []string) bool { return row[0] == id }); i < 0 || !slices.Contains(shownHere, rows[i][2]) {
			t.Errorf("%s is excused, and nothing asks for it", id)
		}
	}
}

// madeUp is a requirement that some tests need because it does not exist.
const madeUp = "AFC-99"

// TestATestNamesNoRequirementThatThereIsNot: a slip of the pen would show nothing.
func TestATestNamesNoRequirementThatThereIsNot(t *testing.T) {
	t.Parallel()
	rows := requirements(t)
	for id, where := range shownBy(t) {
		if id != madeUp && !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == id }) {
			t.Errorf("%s names %s, which is no requirement", where, id)
		}
	}
}

func requirements(t *testing.T) [][]string {
	t.Helper()
	file, err := os.Open("testdata/requirements.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != 215 || !slices.Equal(rows[0], []string{"id", "notice", "kind", "paraphrase"}) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows[1:]
}

// excuses are lines of an id and the reason why nothing shows it yet, or why nothing can.
func excuses(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/requirements-excused.txt")
	if err != nil {
		t.Fatal(err)
	}
	excused := map[string]string{}
	for n, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, _ := strings.Cut(line, " ")
		if !requirementID.MatchString(id) || strings.TrimSpace(reason) == "" || excused[id] != "" {
			t.Fatalf("requirements-excused.txt:%d: want an id, once, and a reason: %q", n+1, line)
		}
		excused[id] = reason
	}
	return excused
}

// shownBy is where each requirement is named: in a test of any module, or among the promises of a scenario.
func shownBy(t *testing.T) map[string]string {
	t.Helper()
	shown := map[string]string{}
	for _, path := range files(t) {
		switch {
		case strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "architecture/requirements_test.go"):
			note(shown, path, read(t, path))
		case strings.HasPrefix(path, "scenarios/") && strings.HasSuffix(path, ".yaml"):
			for _, line := range strings.Split(read(t, path), "\n") {
				if promises, is := strings.CutPrefix(line, "promises:"); is {
					note(shown, path, promises)
				}
			}
		}
	}
	return shown
}

func note(shown map[string]string, path, text string) {
	for _, id := range requirementID.FindAllString(text, -1) {
		if shown[id] == "" {
			shown[id] = path
		}
	}
}
