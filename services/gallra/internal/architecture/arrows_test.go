package architecture

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	project     = "gallra.se/"
	contracts   = project + "events"
	libs        = project + "libs"
	composition = project + "services/gallra"
)

// mayImport is D15: gallra → services → {events, libs}.
func mayImport(from, to string) bool {
	switch {
	case from == to:
		return true
	case from == contracts || from == libs:
		return false
	case to == contracts || to == libs:
		return true
	}
	return from == composition
}

func TestArrowsPointFromTheCompositionToServicesToEventsAndLibs(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if module := moduleOf(imported); module != "" && !mayImport(p.Module.Path, module) {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
	}
}

func TestAModuleRequiresNoModuleThatItMayNotImport(t *testing.T) {
	t.Parallel()
	for _, folder := range modules(t) {
		module := project + folder
		for _, required := range regexp.MustCompile(`gallra\.se/[\w/-]+`).FindAllString(read(t, folder+"/go.mod"), -1) {
			if !mayImport(module, required) {
				t.Errorf("%s/go.mod names %s", folder, required)
			}
		}
	}
}

// The tools are outside on purpose: their dependencies must not become ours.
var outsideTheWorkspace = []string{"tools"}

func TestEveryModuleIsInTheWorkspace(t *testing.T) {
	t.Parallel()
	known := modules(t)
	err := fs.WalkDir(os.DirFS(top), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && skipped(path) {
			return fs.SkipDir
		}
		if folder := filepath.ToSlash(filepath.Dir(path)); entry.Name() == "go.mod" && !slices.Contains(known, folder) && !slices.Contains(outsideTheWorkspace, folder) {
			t.Errorf("go.work does not name %s", folder)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// cores are the parts that decide: arguments in, facts or a refusal out.
var cores = []string{
	"services/intake/internal/contact", "services/intake/internal/line",
	"services/case-linker/internal/casefile", "services/case-linker/internal/generalise",
	"services/case-linker/internal/lifetime", "services/case-linker/internal/line", "services/case-linker/internal/situation",
	"libs/deadline",
	"services/case-linker/internal/part",
	"services/disclosure/internal/decision", "services/disclosure/internal/delivery",
	"services/statistics-pseudonymiser/internal/pseudonym", "services/statistics-pseudonymiser/internal/row",
	"services/ledger/internal/leaf", "services/ledger/internal/tree", "services/ledger/receipt",
	"services/console/internal/board", "services/console/internal/chart", "services/console/internal/duecalendar", "services/console/internal/rulebook",
	"services/console/internal/standing", "services/console/internal/summary", "services/console/internal/timeline", "services/gallra/internal/amendment",
	"libs/calendar", "libs/nationalid", "libs/policy",
}

// adapters are what a core does not know: time, wires, rows and keys.
var adapters = regexp.MustCompile(`^(context|net|net/http|os|os/exec|database/sql|github\.com/jackc/pgx/.*|github\.com/nats-io/.*` +
	`|gallra\.se/libs/(bus|clock|door|gauge|keyring|logs|outbox|outside|pg|serve|trace)(/.*)?)$`)

func TestAPureCoreKnowsNoAdapter(t *testing.T) {
	t.Parallel()
	all := packages(t)
	for _, core := range cores {
		i := slices.IndexFunc(all, func(p pkg) bool { return p.ImportPath == project+core })
		if i < 0 {
			t.Errorf("there is no package %s any more: take it off the list, or name where it went", core)
			continue
		}
		for _, imported := range all[i].Imports {
			own := strings.HasPrefix(imported, project+"services/") && !slices.Contains(cores, strings.TrimPrefix(imported, project))
			if adapters.MatchString(imported) || own {
				t.Errorf("the core %s imports %s", core, imported)
			}
		}
	}
}

// moduleOf is the module of ours that a package belongs to, or "".
func moduleOf(path string) string {
	rest, ours := strings.CutPrefix(path, project)
	if !ours {
		return ""
	}
	parts := strings.Split(rest, "/")
	if parts[0] == "services" && len(parts) > 1 {
		return project + "services/" + parts[1]
	}
	return project + parts[0]
}
