// Package duecalendar is what goes in which month, in the thirty-six months to come: counts by authority and category,
// as retention-timer tells them. It asks nobody and reads no clock.
package duecalendar

import (
	"cmp"
	"slices"

	"gallra.se/services/console/internal/chart"
)

// Months that the calendar reaches.
const Months = 36

// Line is what retention-timer says of one month, category and rule.
type Line struct {
	Authority string `json:"authority"`
	Month     string `json:"month"` // 2026-03
	Category  string `json:"category"`
	Rule      string `json:"rule"`
	Units     int64  `json:"units"`
	Records   int64  `json:"records"`
}

// Calendar is all authorities.
type Calendar []Authority

// Authority with what goes there; Categories is empty where nothing does.
type Authority struct {
	Name       string
	Records    int64
	Categories []Category
	Lines      []Line // in the order of months
}

// Category is one chart.
type Category struct {
	Name    string
	Records int64
	Chart   chart.Chart
}

// Build draws the months from the first one on, for the authorities that are named and any other that was told of.
func Build(authorities []string, lines []Line, first string) Calendar {
	months := chart.Following(first, Months)
	names := slices.Clone(authorities)
	for _, l := range lines {
		if !slices.Contains(names, l.Authority) {
			names = append(names, l.Authority)
		}
	}
	var calendar Calendar
	for _, name := range names {
		calendar = append(calendar, authority(name, lines, months))
	}
	return calendar
}

func authority(name string, all []Line, months []string) Authority {
	a := Authority{Name: name}
	for _, l := range all {
		if l.Authority == name {
			a.Lines, a.Records = append(a.Lines, l), a.Records+l.Records
		}
	}
	slices.SortStableFunc(a.Lines, func(x, y Line) int {
		return cmp.Or(cmp.Compare(x.Month, y.Month), cmp.Compare(x.Category, y.Category), cmp.Compare(x.Rule, y.Rule))
	})
	for _, l := range a.Lines {
		if !slices.ContainsFunc(a.Categories, func(c Category) bool { return c.Name == l.Category }) {
			a.Categories = append(a.Categories, category(l.Category, a.Lines, months))
		}
	}
	slices.SortFunc(a.Categories, func(x, y Category) int { return cmp.Compare(x.Name, y.Name) })
	return a
}

func category(name string, lines []Line, months []string) Category {
	c := Category{Name: name}
	columns := make([]chart.Month, len(months))
	for i, month := range months {
		columns[i] = chart.Month{Month: month, Parts: []chart.Part{{Kind: "due"}}}
	}
	for _, l := range lines {
		if l.Category != name {
			continue
		}
		c.Records += l.Records
		if i := slices.Index(months, l.Month); i >= 0 {
			columns[i].Parts[0].N += l.Records
		}
	}
	c.Chart = chart.Draw(columns)
	return c
}
