// Package chart places columns of months side by side: one column a month, in parts on top of each other. It draws
// nothing; positions are per cent of width and height.
package chart

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Part is a kind of figure with its number.
type Part struct {
	Kind string
	N    int64
}

// Month is what stands over one month, "2026-03".
type Month struct {
	Month string
	Parts []Part
}

// Total of all parts.
func (m Month) Total() (n int64) {
	for _, p := range m.Parts {
		n += p.N
	}
	return n
}

// Chart is months as columns.
type Chart struct {
	Columns []Column
	Years   []Year
	Highest int64
}

// Column is a month; without blocks nothing stands there.
type Column struct {
	Month
	Left, Width Percent
	Blocks      []Block
}

// Block is a part as high as its number.
type Block struct {
	Kind        string
	Top, Height Percent
}

// Year stands under its first month.
type Year struct {
	Label string
	Left  Percent
}

// Percent of width or height.
type Percent float64

func (p Percent) String() string { return strconv.FormatFloat(float64(p), 'f', 2, 64) + "%" }

// Draw makes one column for each of the months, which follow each other.
func Draw(months []Month) Chart {
	var c Chart
	for _, m := range months {
		c.Highest = max(c.Highest, m.Total())
	}
	step := Percent(100) / Percent(max(len(months), 1))
	for i, m := range months {
		column := Column{Month: m, Left: step*Percent(i) + step/8, Width: step * 3 / 4}
		top := Percent(100)
		for _, p := range m.Parts {
			if p.N == 0 {
				continue
			}
			height := Percent(100) * Percent(p.N) / Percent(c.Highest)
			top -= height
			column.Blocks = append(column.Blocks, Block{p.Kind, top, height})
		}
		c.Columns = append(c.Columns, column)
		if strings.HasSuffix(m.Month, "-01") || i == 0 {
			c.year(m.Month, step*Percent(i), step*Percent(i) < labelWidth)
		}
	}
	return c
}

// labelWidth is how wide a year's name is at the most, on a phone: a first year with fewer months has none.
const labelWidth Percent = 14

// year gives way where two would stand on each other.
func (c *Chart) year(month string, left Percent, tooNear bool) {
	label, _, _ := strings.Cut(month, "-")
	if tooNear {
		c.Years = nil
	}
	c.Years = append(c.Years, Year{label, left})
}

// Following are n months from one on; a month is "2026-03".
func Following(first string, n int) []string {
	year, month, ok := numbers(first)
	if !ok {
		return nil
	}
	months := make([]string, 0, max(n, 0))
	for i := range n {
		at := year*12 + month - 1 + i
		months = append(months, fmt.Sprintf("%04d-%02d", at/12, at%12+1))
	}
	return months
}

// Between are all months from the first to the last of those that are named; what is no month is left out.
func Between(named []string) []string {
	named = slices.DeleteFunc(slices.Clone(named), func(m string) bool { _, _, ok := numbers(m); return !ok })
	if len(named) == 0 {
		return nil
	}
	first, last := slices.Min(named), slices.Max(named)
	fromYear, fromMonth, _ := numbers(first)
	toYear, toMonth, _ := numbers(last)
	return Following(first, (toYear-fromYear)*12+toMonth-fromMonth+1)
}

func numbers(month string) (year, of int, ok bool) {
	before, after, cut := strings.Cut(month, "-")
	year, err := strconv.Atoi(before)
	if err != nil || !cut {
		return 0, 0, false
	}
	of, err = strconv.Atoi(after)
	return year, of, err == nil && of >= 1 && of <= 12
}
