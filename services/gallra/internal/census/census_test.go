package census_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/census"
	"gallra.se/services/gallra/internal/credentials"
)

// top of the project.
const top = "../../../.."

func loaded(t *testing.T) *census.Census {
	t.Helper()
	c, err := census.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func source(path string) (string, bool) {
	text, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(path)))
	return string(text), err == nil
}

func TestWhatIsDeclaredIsSo(t *testing.T) {
	t.Parallel()
	for _, fault := range loaded(t).Lint(policy.Default(), source) {
		t.Error(fault)
	}
}

func TestEveryDatabaseIsDeclaredOnce(t *testing.T) {
	t.Parallel()
	var deployed, declared []string
	for _, server := range credentials.Servers() {
		deployed = append(deployed, credentials.Databases(server)...)
	}
	for _, d := range loaded(t).Databases {
		declared = append(declared, d.Names...)
	}
	slices.Sort(deployed)
	slices.Sort(declared)
	if !slices.Equal(deployed, declared) {
		t.Errorf("declared are %v, deployed are %v", declared, deployed)
	}
}

// sound is a small census without a fault; each row of the table below spoils it.
func sound() map[string]string {
	return map[string]string{
		"periods.yaml": "periods:\n  stays: {clock: never, is: as long as the system}\n  unsaid: {clock: never, is: nobody says}\n  day: {clock: machine, is: one day, source: libs/a.go, says: a day}\n",
		"shared.yaml":  "sets: {}\n",
		"streams.yaml": "streams:\n  EV: {holds: events, personal: \"no\", goes: [day], eraser: libs/a.go#prune}\n",
		"files.yaml":   "files:\n  lock: {holds: a lock, personal: \"no\", goes: [stays]}\nelsewhere: {}\n",
		"a.yaml": "databases: [a]\nservice: a\nholds: things\nuses: []\ntables:\n  thing:\n    holds: things\n    goes: [day]\n" +
			"    eraser: libs/a.go#prune\n    key: its unit\n    columns:\n      id: [pseudonymous, random]\n      box: [encrypted, its content]\n",
	}
}

func lintOf(t *testing.T, files map[string]string) error {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	c, err := census.Read(fsys)
	if err != nil {
		return err
	}
	return errors.Join(c.Lint(policy.Default(), func(path string) (string, bool) {
		return "// a day\nfunc prune() { `DELETE FROM thing` }", path == "libs/a.go"
	})...)
}

func TestWhatIsWrongInADeclarationIsSaid(t *testing.T) {
	t.Parallel()
	if err := lintOf(t, sound()); err != nil {
		t.Fatalf("the sound one: %v", err)
	}
	for label, c := range map[string]struct{ file, old, new, says string }{
		"an unknown key":               {"a.yaml", "holds: things\nuses", "holdz: things\nuses", "holdz"},
		"an unknown key of a table":    {"a.yaml", "    key: its unit", "    keys: its unit", "keys"},
		"a column declared twice":      {"a.yaml", "box: [encrypted", "id: [encrypted", "declared twice"},
		"a column without words":       {"a.yaml", "[pseudonymous, random]", "[pseudonymous]", "column id"},
		"a kind that there is not":     {"a.yaml", "[pseudonymous, random]", "[secret, random]", "thing.id"},
		"something in the clear":       {"a.yaml", "[pseudonymous, random]", "[clear, a name]", "nothing of a person"},
		"encrypted under nothing":      {"a.yaml", "    key: its unit\n", "", "encrypted columns are under"},
		"an eraser that is gone":       {"a.yaml", "libs/a.go#prune", "libs/b.go#prune", "there is no libs/b.go"},
		"an eraser without function":   {"a.yaml", "libs/a.go#prune", "libs/a.go#clean", "has no clean"},
		"an eraser of another table":   {"a.yaml", "  thing:", "  other:", "takes nothing out of other"},
		"a period that there is not":   {"a.yaml", "goes: [day]", "goes: [week]", "week is no period"},
		"no period":                    {"a.yaml", "goes: [day]", "goes: []", "say when it goes"},
		"no eraser":                    {"a.yaml", "    eraser: libs/a.go#prune\n", "", "name what takes it away"},
		"somebody in it, and it stays": {"a.yaml", "    goes: [day]\n    eraser: libs/a.go#prune\n", "    goes: [stays]\n", "give it an end"},
		"no database":                  {"a.yaml", "databases: [a]", "databases: []", "say which databases"},
		"nobody says how long":         {"a.yaml", "    goes: [day]\n    eraser: libs/a.go#prune\n", "    goes: [unsaid]\n", "why nobody says"},
		"remains that is no column":    {"a.yaml", "    key: its unit", "    remains: [name]\n    key: its unit", "name, which remains"},
		"a set that there is not":      {"a.yaml", "uses: []", "uses: [bus]", "no such set"},
		"another length in the source": {"periods.yaml", "says: a day", "says: two days", "does not say"},
		"a source that is gone":        {"periods.yaml", "libs/a.go", "libs/c.go", "libs/c.go"},
		"a clock that there is not":    {"periods.yaml", "clock: machine", "clock: sun", "by which of"},
		"a clear stream":               {"streams.yaml", "personal: \"no\"", "personal: clear", "in the clear"},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			files := sound()
			spoilt := strings.Replace(files[c.file], c.old, c.new, 1)
			if spoilt == files[c.file] {
				t.Fatal("nothing was spoilt")
			}
			files[c.file] = spoilt
			if err := lintOf(t, files); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("it says %v, want %q in it", err, c.says)
			}
		})
	}
	if _, err := census.Read(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
}
