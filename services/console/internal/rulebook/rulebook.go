// Package rulebook is what an authority has promised, rule by rule and version by version, with what has been put into
// force and what a planned change would do. It is a pure function of the packs and of what retention-timer answers.
package rulebook

import (
	"cmp"
	"slices"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/chart"
)

// Said is what retention-timer answers of one authority's policy.
type Said struct {
	Authority   string            `json:"authority"`
	Version     string            `json:"version"`
	Hash        string            `json:"hash"`
	Files       map[string]string `json:"files"`
	Activations []Activation      `json:"activations"`
	Plan        *Plan             `json:"plan"` // the last one that somebody made
}

// Activation is a pack that was put into force.
type Activation struct {
	Version     string    `json:"version"`
	ValidFrom   string    `json:"validFrom"`
	ActivatedAt time.Time `json:"activatedAt"`
	Hash        string    `json:"hash"`
}

// Plan is what a changed pack would do to the records that live now. All figures count records.
type Plan struct {
	Hash    string   `json:"hash"`
	From    string   `json:"from"`
	To      string   `json:"to"`
	Changes []Change `json:"changes"`
	Moves   []Move   `json:"moves"`
	Totals  Totals   `json:"totals"`
}

// Totals of a plan.
type Totals struct {
	Living    int64 `json:"living"`
	Earlier   int64 `json:"earlier"`
	Later     int64 `json:"later"`
	AtOnce    int64 `json:"atOnce"`
	Unchanged int64 `json:"unchanged"`
}

// Change is one difference between two packs; of something else than a rule it has a Path.
type Change struct {
	Rule      string `json:"rule"`
	Category  string `json:"category"`
	CaseType  string `json:"caseType"`
	Path      string `json:"path"`
	Was       string `json:"was"`
	Becomes   string `json:"becomes"`
	ValidFrom string `json:"validFrom"`
}

// Move is what becomes of records whose new due date lies in a month.
type Move struct {
	Category  string `json:"category"`
	Rule      string `json:"rule"`
	Month     string `json:"month"`
	Earlier   int64  `json:"earlier"`
	Later     int64  `json:"later"`
	AtOnce    int64  `json:"atOnce"`
	Unchanged int64  `json:"unchanged"`
}

// Moved counts the records that go on another day than they would have.
func (m Move) Moved() int64 { return m.Earlier + m.Later + m.AtOnce }

// Book is one authority's rules.
type Book struct {
	Name       string
	Controller string
	NoticeURL  string
	Version    string // in force on the day
	Hash       string
	Known      bool // retention-timer has told of it
	Rules      []Rule
	History    []Activation
	Plan       *Plan
}

// Rule is one sentence of the notice with its versions, newest first.
type Rule struct {
	policy.Rule
	AppliesTo []Scope
	Versions  []Version
}

// Scope is what a rule is about, and the moment that it counts from.
type Scope struct {
	Category  string
	CaseTypes []string
	Trigger   policy.Trigger
}

// Version of a rule. Begun says that it is in force already.
type Version struct {
	policy.Rule
	Begun bool
}

// Build writes the books of all authorities. now is the business time.
func Build(set *policy.Set, said []Said, now time.Time) []Book {
	var books []Book
	for _, name := range set.Authorities() {
		pack, _ := set.Pack(name)
		today := pack.Today(now)
		b := Book{Name: name, Controller: pack.Controller, NoticeURL: pack.Notice.URL, Version: pack.VersionOn(today), Hash: pack.Hash(), Rules: rules(pack, today)}
		if i := slices.IndexFunc(said, func(s Said) bool { return s.Authority == name }); i >= 0 {
			b.Known, b.History, b.Plan = true, slices.Clone(said[i].Activations), said[i].Plan
			slices.SortStableFunc(b.History, func(x, y Activation) int { return y.ActivatedAt.Compare(x.ActivatedAt) })
		}
		books = append(books, b)
	}
	return books
}

// rules puts what a pack lists once per category and version together again.
func rules(pack *policy.Pack, today calendar.Date) []Rule {
	var out []Rule
	for _, r := range pack.Rules {
		i := slices.IndexFunc(out, func(known Rule) bool { return known.ID == r.ID })
		if i < 0 {
			i, out = len(out), append(out, Rule{Rule: r})
		}
		out[i].take(r, today)
	}
	for i := range out {
		slices.SortStableFunc(out[i].Versions, func(a, b Version) int { return b.ValidFrom.Compare(a.ValidFrom) })
		out[i].Rule = out[i].Versions[0].Rule
	}
	return out
}

func (r *Rule) take(version policy.Rule, today calendar.Date) {
	scope := Scope{version.Category, version.CaseTypes, version.Trigger}
	if !slices.ContainsFunc(r.AppliesTo, func(s Scope) bool {
		return s.Category == scope.Category && s.Trigger == scope.Trigger && slices.Equal(s.CaseTypes, scope.CaseTypes)
	}) {
		r.AppliesTo = append(r.AppliesTo, scope)
	}
	if !slices.ContainsFunc(r.Versions, func(v Version) bool { return v.ValidFrom == version.ValidFrom }) {
		r.Versions = append(r.Versions, Version{version, !version.ValidFrom.After(today)})
	}
}

// Kinds of a plan's figures, in the order in which they stand on each other.
const (
	AtOnce  = "atOnce"
	Earlier = "earlier"
	Later   = "later"
)

// fewest months are drawn, so that one of them is no wall.
const fewest = 12

// Chart is the plan month by month: where the records that move will go. Those that get no date any more are in no month.
func (p Plan) Chart() chart.Chart {
	var named []string
	for _, m := range p.Moves {
		if m.Moved() > 0 {
			named = append(named, m.Month)
		}
	}
	months := chart.Between(named)
	if len(months) > 0 && len(months) < fewest {
		months = chart.Following(months[0], fewest)
	}
	columns := make([]chart.Month, len(months))
	for i, month := range months {
		columns[i] = chart.Month{Month: month, Parts: []chart.Part{{Kind: AtOnce}, {Kind: Earlier}, {Kind: Later}}}
		for _, m := range p.Moves {
			if m.Month == month {
				columns[i].Parts[0].N += m.AtOnce
				columns[i].Parts[1].N += m.Earlier
				columns[i].Parts[2].N += m.Later
			}
		}
	}
	return chart.Draw(columns)
}

// Moving are the moves in which something moves, in the order of months; those without a day come last.
func (p Plan) Moving() []Move {
	moving := slices.DeleteFunc(slices.Clone(p.Moves), func(m Move) bool { return m.Moved() == 0 })
	slices.SortStableFunc(moving, func(a, b Move) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Rule, b.Rule))
	})
	return moving
}

// Group is one change of a period for all that it is about.
type Group struct {
	Change
	Categories []string
}

// Groups puts changes together that differ in category or case type alone.
func (p Plan) Groups() []Group {
	var groups []Group
	for _, c := range p.Changes {
		i := slices.IndexFunc(groups, func(g Group) bool {
			return c.Rule != "" && g.Rule == c.Rule && g.Was == c.Was && g.Becomes == c.Becomes && g.ValidFrom == c.ValidFrom
		})
		if i < 0 {
			i, groups = len(groups), append(groups, Group{Change: c})
		}
		if c.Category != "" && !slices.Contains(groups[i].Categories, c.Category) {
			groups[i].Categories = append(groups[i].Categories, c.Category)
		}
	}
	return groups
}
