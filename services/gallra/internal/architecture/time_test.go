package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// clockReaders are what package time offers to those who want to know or wait for the
// machine's time.
var clockReaders = []string{"Now", "Since", "Until", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc", "Sleep"}

// D9. A period counted on any other clock cannot be simulated, and so not be tested.
func TestOnlyTheClockReadsTheMachinesTime(t *testing.T) {
	t.Parallel()
	eachFile(t, func(p pkg, path string, file *ast.File, at *token.FileSet) {
		if p.ImportPath == libs+"/clock" {
			return
		}
		name := importedAs(file, "time")
		if name == "." {
			t.Errorf("%s imports time as its own", path)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains(clockReaders, selector.Sel.Name) {
				return true
			}
			if from, ok := selector.X.(*ast.Ident); ok && name != "" && from.Name == name {
				t.Errorf("%s: time.%s; libs/clock has Business and Pace", at.Position(n.Pos()), selector.Sel.Name)
			}
			return true
		})
	})
}

// sqlClock is how PostgreSQL is asked for the machine's time.
var sqlClock = regexp.MustCompile(`(?i)\bnow\s*\(\s*\)|\b(current_timestamp|current_date|current_time|localtimestamp|localtime` +
	`|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\b|'(now|today|tomorrow|yesterday)'\s*::`)

func TestTheSearchForClocksInSQLFindsThem(t *testing.T) {
	t.Parallel()
	for _, sql := range []string{"SET at = now()", "DEFAULT CURRENT_TIMESTAMP", "d < current_date", "'today'::date", "clock_timestamp()"} {
		if !sqlClock.MatchString(sql) {
			t.Errorf("%s passes", sql)
		}
	}
	if sqlClock.MatchString("SELECT known(), nowhere FROM simulated_clock WHERE now_at < $1") {
		t.Error("a word that only looks like it is found")
	}
}

func TestSQLReadsNoClock(t *testing.T) {
	t.Parallel()
	for _, path := range files(t) {
		if strings.HasSuffix(path, ".sql") {
			for n, line := range strings.Split(read(t, path), "\n") {
				if code, _, _ := strings.Cut(line, "--"); sqlClock.MatchString(code) {
					t.Errorf("%s:%d: %s", path, n+1, strings.TrimSpace(line))
				}
			}
		}
	}
	eachFile(t, func(_ pkg, _ string, file *ast.File, at *token.FileSet) {
		ast.Inspect(file, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && sqlClock.MatchString(text.Value) {
				t.Errorf("%s: the statement reads a clock", at.Position(n.Pos()))
			}
			return true
		})
	})
}

// eachFile parses every file of the workspace that is not a test.
func eachFile(t *testing.T, look func(p pkg, path string, file *ast.File, at *token.FileSet)) {
	t.Helper()
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			set := token.NewFileSet()
			path := filepath.Join(p.Dir, name)
			file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			look(p, path, file, set)
		}
	}
}

// importedAs is the name under which a file knows a package; "" where it does not.
func importedAs(file *ast.File, path string) string {
	for _, spec := range file.Imports {
		if imported, err := strconv.Unquote(spec.Path.Value); err != nil || imported != path {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path[strings.LastIndex(path, "/")+1:]
	}
	return ""
}
