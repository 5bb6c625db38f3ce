package census

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"gallra.se/libs/policy"
)

// Source reads a file of the project by its path from the top; ok is false where there is none.
type Source func(path string) (text string, ok bool)

// Lint tells everything in the declarations that is not so: a period that no pack and no source states, an eraser that does
// not exist or does not take this table's rows, something personal in the clear, a gap that is not said.
func (c *Census) Lint(packs *policy.Set, source Source) []error {
	l := &linter{census: c, source: source, ends: endings(packs)}
	for name, p := range c.Periods {
		l.period(name, p)
	}
	for _, d := range c.Databases {
		for _, t := range d.Tables {
			l.table(d, t)
		}
	}
	for kind, all := range map[string][]Store{"stream": c.Streams, "file": c.Files, "elsewhere": c.Elsewhere} {
		for _, s := range all {
			l.store(kind, s)
		}
	}
	return l.found
}

type linter struct {
	census *Census
	source Source
	ends   ends
	found  []error
}

func (l *linter) say(where, format string, args ...any) {
	l.found = append(l.found, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
}

func (l *linter) period(name string, p Period) {
	where := "period " + name
	if !slices.Contains(Clocks, p.Clock) || p.Is == "" {
		l.say(where, "say what it is, and by which of %v it is counted", Clocks)
	}
	counted := p.Clock == "machine" || p.Clock == "business" && name != "tombstone"
	if counted && p.Source == "" {
		l.say(where, "name the source that states it")
	}
	if p.Source == "" {
		return
	}
	if text, there := l.source(p.Source); !there || !strings.Contains(text, p.Says) {
		l.say(where, "%s does not say %q", p.Source, p.Says)
	}
}

func (l *linter) table(d Database, t Table) {
	where := d.Names[0] + "." + t.Name
	if t.Holds == "" || len(t.Columns) == 0 {
		l.say(where, "say what it holds, column by column")
	}
	personal := No
	for _, c := range t.Columns {
		if c.Holds == "" || !slices.Contains([]Kind{No, Encrypted, Pseudonymous}, c.Personal) {
			l.say(where+"."+c.Name, "say what it holds, and that it is no, encrypted or pseudonymous; nothing of a person lies in the clear")
		}
		personal = graver(personal, c.Personal)
	}
	if (t.Key != "") != (personal == Encrypted) {
		l.say(where, "say what its encrypted columns are under, and of no other")
	}
	for _, name := range t.Remains {
		if c, there := t.Column(name); !there || c.Personal != Pseudonymous {
			l.say(where, "%s, which remains, is no pseudonymous column of it", name)
		}
	}
	l.leaving(where, t.Goes, t.Eraser, t.Gap, personal)
	l.eraser(where, t.Name, t.Eraser)
}

// graver is whichever says more about somebody.
func graver(a, b Kind) Kind {
	order := []Kind{No, Pseudonymous, Encrypted, Clear}
	if slices.Index(order, a) > slices.Index(order, b) {
		return a
	}
	return b
}

func (l *linter) store(kind string, s Store) {
	where := kind + " " + s.Name
	if s.Holds == "" || !slices.Contains([]Kind{No, Encrypted, Pseudonymous, Clear}, s.Personal) {
		l.say(where, "say what it holds, and whether that is about anybody")
	}
	if s.Personal == Clear && kind != "elsewhere" {
		l.say(where, "nothing of a person lies in the clear")
	}
	if (s.Key != "") != (s.Personal == Encrypted) {
		l.say(where, "say what is encrypted is under, and of nothing else")
	}
	if kind != "file" || s.Eraser != "" {
		l.leaving(where, s.Goes, s.Eraser, s.Gap, s.Personal)
	}
	l.exists(where, s.Goes)
	l.eraser(where, "", s.Eraser)
}

// leaving holds a period against what takes something away at its end.
func (l *linter) leaving(where string, goes []string, eraser, gap string, personal Kind) {
	if len(goes) == 0 {
		l.say(where, "say when it goes")
	}
	l.exists(where, goes)
	never := !slices.ContainsFunc(goes, func(name string) bool { return l.census.Periods[name].Clock != "never" })
	switch {
	case never && eraser != "":
		l.say(where, "it never goes, and %s takes it away", eraser)
	case !never && eraser == "" && gap == "" && !slices.Contains(goes, "container"):
		l.say(where, "name what takes it away, or say under gap that nothing does")
	case slices.Contains(goes, "stays") && personal != No:
		l.say(where, "it is about somebody and stays: give it an end, or say unsaid, and why under gap")
	case slices.Contains(goes, "unsaid") && gap == "":
		l.say(where, "say under gap why nobody says how long it is kept")
	}
}

func (l *linter) exists(where string, goes []string) {
	for _, name := range goes {
		if _, period := l.census.Periods[name]; !period && !l.ends.has(name) {
			l.say(where, "%s is no period, and no rule or category of a pack", name)
		}
	}
}

// eraser looks whether the function is there and, of a table, whether its file takes rows or keys of the table away.
func (l *linter) eraser(where, table, eraser string) {
	if eraser == "" {
		return
	}
	if _, cascades := strings.CutPrefix(eraser, "cascade "); cascades {
		return // the database knows: see Compare
	}
	file, function, _ := strings.Cut(eraser, "#")
	text, there := l.source(file)
	if !there {
		l.say(where, "there is no %s", file)
		return
	}
	if !regexp.MustCompile(`(?m)^(func (\([^)]*\) )?|const |var )` + regexp.QuoteMeta(function) + `\b`).MatchString(text) {
		l.say(where, "%s has no %s", file, function)
	}
	takes := regexp.MustCompile(`(DELETE FROM|UPDATE) ` + regexp.QuoteMeta(table) + `\b`)
	if table != "" && !takes.MatchString(text) {
		l.say(where, "%s takes nothing out of %s", file, table)
	}
}

// ends are the rules and categories whose end a pack states.
type ends struct {
	rules      map[string]bool
	categories map[string]bool
}

func endings(packs *policy.Set) ends {
	e := ends{map[string]bool{}, map[string]bool{}}
	for _, authority := range packs.Authorities() {
		pack, _ := packs.Pack(authority)
		for _, r := range pack.Rules {
			e.rules[r.ID] = true
			e.rules[r.Requirement] = true
		}
		for _, x := range pack.Extensions {
			e.rules[x.Requirement] = true
		}
		for _, c := range pack.Categories {
			e.categories[c.Name] = true
		}
	}
	return e
}

func (e ends) has(name string) bool {
	if e.rules[name] {
		return true
	}
	for category := range e.categories {
		if ok, err := path.Match(name, category); ok && err == nil {
			return true
		}
	}
	return false
}
