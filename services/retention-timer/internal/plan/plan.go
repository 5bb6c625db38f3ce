// Package plan says what a changed policy pack would do to the living records before it does it: how many go earlier, later
// or at once, by category and month. It is pure but for the counts, which come from the store.
//
// A plan is named by a hash of what was asked and on which day, not of the counts: records come every minute, and who
// activates shall have seen the plan of that change, made that day.
package plan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"gallra.se/libs/calendar"
	"gallra.se/libs/deadline"
	"gallra.se/libs/policy"
	"gallra.se/services/retention-timer/internal/schedule"
	"gallra.se/services/retention-timer/internal/store"
)

// None is the month of records that get no date.
const None = "none"

// Plan is what would become of the living records. Numbers count records.
type Plan struct {
	Hash      string          `json:"hash"`
	Authority string          `json:"authority"`
	From      string          `json:"from"` // version in use
	To        string          `json:"to"`
	ValidFrom calendar.Date   `json:"validFrom"`
	MadeOn    calendar.Date   `json:"madeOn"`
	Changes   []policy.Change `json:"changes"`
	Moves     []Move          `json:"moves"`
	Totals    Totals          `json:"totals"`
}

// Move counts the records of a category that a rule ends in one month, by what the change does to them.
type Move struct {
	Category string `json:"category"`
	Rule     string `json:"rule"`
	Month    string `json:"month"` // of the new date, as 2026-03, or none
	Effects
}

// Totals counts all living records.
type Totals struct {
	Living int `json:"living"`
	Effects
}

// Effects of a change: each record is one of them.
type Effects struct {
	Earlier   int `json:"earlier"`
	Later     int `json:"later"`
	AtOnce    int `json:"atOnce"` // gone from the first moment of the change
	Unchanged int `json:"unchanged"`
}

// Make plans a change from one pack to another, on a day of the authority's calendar.
func Make(ctx context.Context, q store.Querier, from, to *policy.Pack, today calendar.Date) (Plan, error) {
	newest := to.Versions[len(to.Versions)-1]
	p := Plan{Authority: to.Authority, From: from.Version, To: to.Version, ValidFrom: newest.ValidFrom, MadeOn: today,
		Changes: policy.Diff(from, to), Moves: []Move{}, Hash: Hash(from, to, today)}
	moves := map[Move]Effects{}
	err := store.EachLiving(ctx, q, to.Authority, func(l store.Living) error {
		before, after := dueOf(from, l), dueOf(to, l)
		key := Move{Category: l.Category, Rule: cmp.Or(after.Rule, before.Rule), Month: month(after.On)}
		e := moves[key]
		e.count(before.On, after.On, newest.ValidFrom, l.Records)
		moves[key] = e
		p.Totals.count(before.On, after.On, newest.ValidFrom, l.Records)
		p.Totals.Living += l.Records
		return nil
	})
	if err != nil {
		return Plan{}, err
	}
	for key, e := range moves {
		key.Effects = e
		p.Moves = append(p.Moves, key)
	}
	slices.SortFunc(p.Moves, func(a, b Move) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Month, b.Month))
	})
	return p, nil
}

func dueOf(p *policy.Pack, l store.Living) deadline.Due {
	due, _ := deadline.DueOf(p, deadline.Of(p, schedule.Facts(l.Kind, l.Facts, l.DeregisteredOn)), l.NotBefore)
	return due
}

func (e *Effects) count(before, after, validFrom calendar.Date, records int) {
	switch sooner := earlier(after, before); {
	case before == after:
		e.Unchanged += records
	case sooner && !after.After(validFrom):
		e.AtOnce += records
	case sooner:
		e.Earlier += records
	default:
		e.Later += records
	}
}

// earlier compares dates of which none is later than all.
func earlier(a, b calendar.Date) bool { return !a.IsZero() && (b.IsZero() || a.Before(b)) }

func month(d calendar.Date) string {
	if d.IsZero() {
		return None
	}
	return fmt.Sprintf("%04d-%02d", d.Year, int(d.Month))
}

// Hash names the plan of one change on one day, in hexadecimal digits.
func Hash(from, to *policy.Pack, today calendar.Date) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "plan\n%s\n%s\n%s\n%s\n", to.Authority, from.Hash(), to.Hash(), today))
	return hex.EncodeToString(sum[:])
}
