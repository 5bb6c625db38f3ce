//go:build faults

package acceptance

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// triedBy says where points are tried that no disposal by the calendar passes: by the whole name, or its first part.
var triedBy = map[string]string{
	"keyring.renewed": "libs/keyring", "keyring.sorted": "libs/keyring", "bao": "libs/keyring/bao", "keystore": "libs/keyring",
	"restored": "services/gallra/acceptance", "transport": "libs/transport", "rekey": "services/case-linker", "casework": "services/case-linker",
	"erasure": "services/retention-timer",
}

// pointsIn finds the points that the code under a folder names.
func pointsIn(t *testing.T, folder string) (points []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Point" {
				if on, ok := f.X.(*ast.Ident); ok && on.Name == "fault" {
					if literal, ok := call.Args[0].(*ast.BasicLit); ok {
						name, _ := strconv.Unquote(literal.Value)
						points = append(points, name)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(points)
	return slices.Compact(points)
}

// stepsOf are the points whose names are put together, by the word they begin with: steps of package disposal and keyring, and
// the events that are applied in a disposal.
var (
	intakeSteps = []string{"disposal.destroyed", "disposal.appended", "disposal.deleted"}
	applied     = map[string][]string{
		"intake": {"disposal.due.v1"}, "case-linker": {"disposal.due.v1"}, "retention-timer": {"record.disposed.v1"}, "ledger": {"record.disposed.v1"},
		"statistics-pseudonymiser": {"statistics.separated.v1"},
	}
)

// crashPoints are the points that a contact's disposal passes, and those that a person's and a case's pass.
func crashPoints(t *testing.T) (contacts, cases []crash) {
	t.Helper()
	of := func(service string) (all []crash) {
		points := pointsIn(t, "services/"+service)
		if service != "statistics-pseudonymiser" { // says nothing when a link goes
			points = append(points, pointsIn(t, "libs/outbox")...)
		}
		if service == "intake" || service == "case-linker" {
			points = append(points, pointsIn(t, "libs/keyring")...)
		}
		if service == "intake" {
			points = append(points, intakeSteps...)
		}
		for _, event := range applied[service] {
			points = append(points, "applied."+event, "committed."+event)
		}
		for _, p := range points {
			first, _, _ := strings.Cut(p, ".")
			touched := service == "case-linker" || p != "keyring.buckets" // no contact is looked up by a number
			if triedBy[first] == "" && triedBy[p] == "" && touched {
				all = append(all, crash{service: service, point: p, whom: "self", pass: 1})
			}
		}
		return all
	}
	contacts = slices.Concat(of("intake"), of("retention-timer"), of("ledger"))
	cases = slices.Concat(of("case-linker"), of("retention-timer"), of("ledger"), of("statistics-pseudonymiser"))
	return contacts, cases
}

// nights spreads the points over nights: each at which a service dies is tried once, in one night at most one point of a
// service; every seventh takes PostgreSQL along, and every ninth everything.
func nights(t *testing.T) (contacts, cases [][]crash) {
	t.Helper()
	ofContacts, ofCases := crashPoints(t)
	return spread(ofContacts), spread(ofCases)
}

func spread(points []crash) (nights [][]crash) {
	at := map[string]int{}
	for i, c := range points {
		night := at[c.service]
		at[c.service]++
		switch {
		case i%7 == 6:
			c.whom = "postgres"
		case i%9 == 8:
			c.whom = "parent"
		}
		for len(nights) <= night {
			nights = append(nights, nil)
		}
		nights[night] = append(nights[night], c)
	}
	return nights
}
