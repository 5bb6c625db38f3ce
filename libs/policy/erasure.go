package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// Erasure is what the authority says of erasing before a period has ended (GDPR article 17; AFG-62, STH-25, KSC-30).
type Erasure struct {
	Requirement string
	Grounds     []Ground
	Kept        []KeptFromErasure
}

// Ground is a reason for which somebody may order it.
type Ground struct {
	Code        string // unlawful, legal-duty, no-longer-needed, consent-withdrawn, objection, inaccurate
	Requirement string // is the rule of such an order: in events, on the board, in receipts
	LegalSource string
	Title       Title
	Categories  []string // that it holds for; empty: all
	Otherwise   string   // requirement that refuses it for any other category (AFG-67)
}

// grounds is the closed list of codes: what can be an order's ground by law.
var grounds = []string{"unlawful", "legal-duty", "no-longer-needed", "consent-withdrawn", "objection", "inaccurate"}

// KeptFromErasure is what no order takes, whatever its ground, and why.
type KeptFromErasure struct {
	Requirement string
	Categories  []string
}

// Erasure is what the pack says of it; without grounds nobody can order any.
func (p *Pack) Erasure() Erasure { return p.erasure }

// Ground is the ground with that code.
func (e Erasure) Ground(code string) (Ground, bool) {
	i := slices.IndexFunc(e.Grounds, func(g Ground) bool { return g.Code == code })
	if i < 0 {
		return Ground{}, false
	}
	return e.Grounds[i], true
}

// By is the first ground whose orders bear that rule.
func (e Erasure) By(rule string) (Ground, bool) {
	i := slices.IndexFunc(e.Grounds, func(g Ground) bool { return g.Requirement == rule })
	if i < 0 {
		return Ground{}, false
	}
	return e.Grounds[i], true
}

// Keeps is the requirement for which records of a category are not erased, whatever the ground, or "" (AFG-63, KSC-33, L-22).
func (e Erasure) Keeps(category string) string {
	for _, k := range e.Kept {
		if slices.Contains(k.Categories, category) {
			return k.Requirement
		}
	}
	return ""
}

// Refuses is the requirement for which the ground does not hold for a category, or "".
func (g Ground) Refuses(category string) string {
	if len(g.Categories) == 0 || slices.Contains(g.Categories, category) {
		return ""
	}
	return g.Otherwise
}

type erasureDoc struct {
	At          strict.Place
	Requirement string           `yaml:"requirement"`
	Grounds     []groundDoc      `yaml:"grounds"`
	Kept        []erasureKeptDoc `yaml:"kept"`
}

type groundDoc struct {
	At          strict.Place
	Code        string   `yaml:"code"`
	Requirement string   `yaml:"requirement"`
	LegalSource string   `yaml:"legalSource"`
	Title       wordsDoc `yaml:"title"`
	Categories  []string `yaml:"categories"`
	Otherwise   string   `yaml:"otherwise"`
}

type erasureKeptDoc struct {
	At          strict.Place
	Requirement string   `yaml:"requirement"`
	Categories  []string `yaml:"categories"`
}

func (d erasureDoc) erasure() Erasure {
	e := Erasure{Requirement: d.Requirement}
	for _, g := range d.Grounds {
		e.Grounds = append(e.Grounds, Ground{g.Code, g.Requirement, g.LegalSource, Title(g.Title), g.Categories, g.Otherwise})
	}
	for _, k := range d.Kept {
		e.Kept = append(e.Kept, KeptFromErasure{k.Requirement, k.Categories})
	}
	return e
}
