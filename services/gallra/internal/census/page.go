package census

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gallra.se/libs/policy"
)

// Page is docs/census.md: what has no end first, then databases, streams, files and the rest.
func (c *Census) Page(packs *policy.Set) string {
	p := &page{census: c, packs: packs}
	p.say("# Census: everything that is kept", "",
		"Each column, stream and file with what it holds, whether that is about anybody, when it goes and what takes it away.",
		"`make generate` makes this page from [`services/gallra/internal/census/declared`](../services/gallra/internal/census/declared); what is not",
		"declared there fails the build.", "",
		"**about anybody** says *no*; *pseudonymous*: a random id, a MAC under a key, or what is known of whoever has that id; *encrypted*: under a key that",
		"is destroyed with it. Nothing of a person lies anywhere in the clear but in the console's memory, of those who have logged in.", "")
	p.gaps()
	for _, d := range c.Databases {
		p.database(d)
	}
	p.stores("Streams", "", c.Streams)
	p.stores("Files", "Paths under the data directory of `gallra up`. In containers each kind has a volume, or a folder of secrets, of its own.", c.Files)
	p.stores("Elsewhere", "", c.Elsewhere)
	return p.text.String()
}

type page struct {
	census *Census
	packs  *policy.Set
	text   strings.Builder
}

func (p *page) say(lines ...string) {
	for _, line := range lines {
		p.text.WriteString(line + "\n")
	}
}

func (p *page) row(cells ...string) {
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(cell, "|", `\|`)
	}
	p.say("| " + strings.Join(cells, " | ") + " |")
}

func (p *page) head(cells ...string) {
	p.row(cells...)
	p.say("|" + strings.Repeat("---|", len(cells)))
}

// gaps comes first: whoever reads one section reads this one.
func (p *page) gaps() {
	p.say("## What is not as it should be, or has no end", "")
	p.head("where", "what")
	seen := map[string]bool{}
	for _, d := range p.census.Databases {
		for _, t := range d.Tables {
			if line := t.Name + t.Gap; t.Gap != "" && !seen[line] {
				seen[line] = true
				p.row("`"+strings.Join(p.having(t), "`, `")+"` "+t.Name, t.Gap)
			}
		}
	}
	for _, s := range slices.Concat(p.census.Streams, p.census.Files, p.census.Elsewhere) {
		if s.Gap != "" {
			p.row(s.Name, s.Gap)
		}
	}
	p.say("")
}

// having are the databases that have a table with these words.
func (p *page) having(t Table) (names []string) {
	for _, d := range p.census.Databases {
		if other, there := d.Table(t.Name); there && other.Gap == t.Gap {
			names = append(names, d.Names...)
		}
	}
	return names
}

func (p *page) database(d Database) {
	p.say("## `"+strings.Join(d.Names, "`, `")+"`", "", "Of "+d.Service+": "+d.Holds+".", "")
	p.head("table", "holds", "about anybody", "goes", "taken away by")
	for _, t := range d.Tables {
		p.row("`"+t.Name+"`", t.Holds, p.about(t.kind(), t.Key), p.goes(t.Goes), eraser(t.Eraser))
	}
	p.say("", "<details><summary>Columns</summary>", "")
	p.head("column", "holds", "about anybody")
	for _, t := range d.Tables {
		for _, c := range t.Columns {
			p.row("`"+t.Name+"."+c.Name+"`", c.Holds, string(c.Personal))
		}
	}
	p.say("", "</details>", "")
}

// kind is the gravest of the table's columns.
func (t Table) kind() Kind {
	kind := No
	for _, c := range t.Columns {
		kind = graver(kind, c.Personal)
	}
	return kind
}

func (p *page) about(kind Kind, key string) string {
	if key == "" {
		return string(kind)
	}
	return string(kind) + ": " + key
}

func (p *page) stores(title, words string, all []Store) {
	p.say("## "+title, "")
	if words != "" {
		p.say(words, "")
	}
	p.head("where", "holds", "about anybody", "goes", "taken away by")
	for _, s := range all {
		p.row("`"+s.Name+"`", s.Holds, p.about(s.Personal, s.Key), p.goes(s.Goes), eraser(s.Eraser))
	}
	p.say("")
}

// goes spells out rules: each category with those that end it at any authority.
func (p *page) goes(names []string) string {
	var said []string
	for _, name := range names {
		if period, there := p.census.Periods[name]; there {
			said = append(said, period.Is)
			continue
		}
		if rules := p.rulesOf(name); len(rules) > 0 {
			said = append(said, "`"+name+"`: "+strings.Join(rules, ", "))
			continue
		}
		said = append(said, name)
	}
	return strings.Join(said, "; ")
}

func (p *page) rulesOf(pattern string) (ids []string) {
	for _, authority := range p.packs.Authorities() {
		pack, _ := p.packs.Pack(authority)
		for _, r := range pack.Rules {
			if ok, err := path.Match(pattern, r.Category); ok && err == nil && r.Stated && !slices.Contains(ids, r.ID) {
				ids = append(ids, r.ID)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

func eraser(e string) string {
	file, function, named := strings.Cut(e, "#")
	switch {
	case e == "":
		return "nothing"
	case !named:
		return "with its row of `" + strings.TrimPrefix(e, "cascade ") + "`"
	}
	return fmt.Sprintf("[`%s`](../%s)", function, file)
}
