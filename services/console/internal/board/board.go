// Package board is the promise board as a pure function: the rules that authorities have promised, and beside each what
// its clock has done. It reads no clock and asks nobody.
package board

import (
	"cmp"
	"slices"
	"time"

	"gallra.se/libs/policy"
)

// Row is what retention-timer says of one rule. NextDue is a civil date or an instant, or "none".
type Row struct {
	Authority string `json:"authority"`
	Rule      string `json:"rule"`
	Title     string `json:"title"`
	Running   int64  `json:"running"`
	Disposed  int64  `json:"disposed"`
	NextDue   string `json:"nextDue"`
	Overdue   int64  `json:"overdue"`
}

// Said is what the services answered; nil where one did not.
type Said struct {
	Rows       []Row       // retention-timer
	NoRows     bool        // it was silent
	Statistics *Statistics // statistics-pseudonymiser, which runs the clock of its own rows
}

// Statistics is the state of the separated rows. NextDue is a civil date or an instant, empty where it was not told.
type Statistics struct {
	Present, Disposed, Overdue int64
	NextDue                    string
}

// Board is all promises, by authority.
type Board struct {
	Authorities []Authority
	Running     int64
	Disposed    int64
	Overdue     int64 // must be 0
	Unknown     int   // promises whose figures could not be had
}

// Authority is one controller with its promises.
type Authority struct {
	Name       string // as in subjects and tokens
	Controller string
	NoticeURL  string
	Promises   []Promise
}

// Promise is one sentence of the notice and how it is kept.
type Promise struct {
	Rule   string
	Title  policy.Title
	Source policy.Title
	Period string // "15 months"; empty for a rule that no pack has
	Mode   string // exact, ceiling, weekly: what the period's end means

	NotStated bool // the notice gives no period
	NoEnd     bool // preserved: nobody deletes it
	Assumed   bool // the period is the authority's own
	Ordered   bool // no period: somebody has ordered an erasure on a ground of the pack
	Counts
}

// Counts of one promise. NextDue is a civil date in the authority's zone, empty for none.
type Counts struct {
	Running, Disposed, Overdue int64
	NextDue                    string
	NotDated                   bool // something runs, and nobody says until when
	Unknown                    bool // missing, not zero
}

// Build puts every rule of every pack on the board, also those that no record runs under yet, and never drops a row
// that retention-timer reports.
func Build(set *policy.Set, said Said) Board {
	var b Board
	for _, name := range set.Authorities() {
		pack, _ := set.Pack(name)
		a := Authority{Name: name, Controller: pack.Controller, NoticeURL: pack.Notice.URL, Promises: promised(pack, said)}
		b.add(a)
	}
	for _, name := range strangers(set, said.Rows) {
		b.add(Authority{Name: name, Controller: name, Promises: reported(name, said.Rows, nil)})
	}
	return b
}

func (b *Board) add(a Authority) {
	b.Authorities = append(b.Authorities, a)
	for _, p := range a.Promises {
		b.Running += p.Running
		b.Disposed += p.Disposed
		b.Overdue += p.Overdue
		if p.Unknown {
			b.Unknown++
		}
	}
}

// promised is the newest version of each rule of a pack, in its order, then whatever else was reported.
func promised(pack *policy.Pack, said Said) []Promise {
	var out []Promise
	known := map[string]bool{}
	for _, r := range pack.Rules {
		if known[r.ID] {
			continue
		}
		known[r.ID] = true
		newest, _ := pack.Rule(r.ID)
		out = append(out, Promise{Rule: r.ID, Title: newest.Title, Source: newest.Source,
			Period: newest.Period.String(), Mode: string(newest.Mode), NotStated: !newest.Stated, NoEnd: newest.Effect == policy.Preserve,
			Assumed: newest.Assumed, Counts: said.counts(pack, newest)})
	}
	out = append(out, ordered(pack, said, known)...)
	return append(out, reported(pack.Authority, said.Rows, known)...)
}

// ordered is what goes, or has gone, by orders to erase, a line for each requirement that such an order keeps.
func ordered(pack *policy.Pack, said Said, known map[string]bool) []Promise {
	var out []Promise
	for _, g := range pack.Erasure().Grounds {
		there := func(r Row) bool { return r.Authority == pack.Authority && r.Rule == g.Requirement }
		if known[g.Requirement] || !slices.ContainsFunc(said.Rows, there) {
			continue
		}
		known[g.Requirement] = true
		out = append(out, Promise{Rule: g.Requirement, Title: g.Title, Source: policy.Title{En: g.LegalSource, Sv: g.LegalSource}, Ordered: true,
			Counts: sum(pack, said.Rows, g.Requirement)})
	}
	return out
}

// reported is the rows of an authority whose rule is not known.
func reported(authority string, rows []Row, known map[string]bool) []Promise {
	var out []Promise
	for _, r := range rows {
		if r.Authority == authority && !known[r.Rule] {
			out = append(out, Promise{Rule: r.Rule, Title: policy.Title{En: r.Title, Sv: r.Title},
				Counts: Counts{Running: r.Running, Disposed: r.Disposed, Overdue: r.Overdue, NextDue: civil(time.UTC, r.NextDue)}})
		}
	}
	slices.SortStableFunc(out, func(a, b Promise) int { return cmp.Compare(a.Rule, b.Rule) })
	return out
}

func strangers(set *policy.Set, rows []Row) []string {
	var out []string
	for _, r := range rows {
		if _, ok := set.Pack(r.Authority); !ok && !slices.Contains(out, r.Authority) {
			out = append(out, r.Authority)
		}
	}
	slices.Sort(out)
	return out
}
