package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/store"
)

// grace is how long a destruction may take after its instant before it counts as overdue.
const grace = 15 * time.Minute

// Promise is one line of the promise board. Numbers count records.
type Promise struct {
	Authority string `json:"authority"`
	Rule      string `json:"rule"`
	Title     string `json:"title"`
	TitleSv   string `json:"titleSv"`
	Period    string `json:"period"` // empty: on an order
	Running   int    `json:"running"`
	Disposed  int    `json:"disposed"`
	NextDue   string `json:"nextDue"` // civil date, or none
	Overdue   int    `json:"overdue"`
}

// Board is every rule whose clocks run here, also those under which nothing runs, and the requirements by which something was
// ordered to be erased.
func (a *API) Board(ctx context.Context) ([]Promise, error) {
	lines, err := store.Lines(ctx, a.DB, a.Clock.Now().Add(-grace))
	if err != nil {
		return nil, err
	}
	board := []Promise{}
	for _, authority := range a.Policy.Authorities() {
		pack, _ := a.Policy.Pack(authority)
		shown := map[string]bool{}
		for _, r := range rulesOf(pack) {
			p := Promise{Authority: authority, Rule: r.ID, Title: r.Title.En, TitleSv: r.Title.Sv, Period: r.Period.String(), NextDue: none}
			p.count(lines)
			board, shown[r.ID] = append(board, p), true
		}
		for _, g := range pack.Erasure().Grounds {
			p := Promise{Authority: authority, Rule: g.Requirement, Title: g.Title.En, TitleSv: g.Title.Sv, NextDue: none}
			if !shown[g.Requirement] && p.count(lines) {
				board, shown[g.Requirement] = append(board, p), true
			}
		}
	}
	return board, nil
}

// count takes the numbers over; false where there are none.
func (p *Promise) count(lines []store.Line) bool {
	i := slices.IndexFunc(lines, func(l store.Line) bool { return l.Authority == p.Authority && l.Rule == p.Rule })
	if i >= 0 {
		p.Running, p.Disposed, p.Overdue, p.NextDue = lines[i].Running, lines[i].Disposed, lines[i].Overdue, orNone(lines[i].NextDue)
	}
	return i >= 0
}

// rulesOf lists each rule that ends something once, in its newest version, without those whose clock runs on the
// statistics side.
func rulesOf(pack *policy.Pack) []policy.Rule {
	var rules []policy.Rule
	for _, r := range pack.Rules {
		if r.Effect != policy.Dispose || !r.Stated || r.Trigger == policy.Separation || slices.ContainsFunc(rules, func(seen policy.Rule) bool { return seen.ID == r.ID }) {
			continue
		}
		newest, _ := pack.Rule(r.ID)
		rules = append(rules, newest)
	}
	return rules
}

func (a *API) board(r *http.Request, caller bearer.Claims) (int, any, error) {
	board, err := a.Board(r.Context())
	own := slices.DeleteFunc(board, func(p Promise) bool { return p.Authority != caller.Authority })
	return http.StatusOK, map[string]any{"board": own}, err
}
