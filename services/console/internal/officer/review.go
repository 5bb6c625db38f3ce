package officer

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"gallra.se/libs/calendar"

	"gallra.se/services/console/internal/behalf"
)

// The drawing of a week: a square per hour, a row per day.
const (
	days, hours = 7, 24
	square      = 24
	leftMargin  = 44
	topMargin   = 20
)

// reviewView is a week of the access log.
type reviewView struct {
	visit
	Review         behalf.Review
	Before, After  string // other weeks
	Grid           [][]hour
	Highest, Total int
}

// hour is how much was read in one hour of the week.
type hour struct{ Day, Hour, Reads, Shade int }

func (h hour) x() string { return strconv.Itoa(leftMargin + h.Hour*square) }
func (h hour) y() string { return strconv.Itoa(topMargin + h.Day*square) }

// shades are the steps of the drawing beside none.
const shades = 4

var isoWeek = regexp.MustCompile(`^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$`)

func (p *Pages) review(v visit) answer {
	week := v.r.URL.Query().Get("week")
	if !isoWeek.MatchString(week) {
		week = weekOf(today(v))
	}
	review, err := v.voice.Review(v.r.Context(), week)
	if err != nil {
		return p.refused(v, err)
	}
	slices.SortStableFunc(review.Officers, func(a, b behalf.Watched) int {
		return cmp.Or(cmp.Compare(len(b.Signs), len(a.Signs)), cmp.Compare(b.Reads, a.Reads), cmp.Compare(a.Who, b.Who))
	})
	view := reviewView{visit: v, Review: review}
	view.Review.Week = cmp.Or(review.Week, week)
	view.Grid, view.Highest, view.Total = grid(review.Hours)
	view.Before, view.After = shifted(view.Review.Week, -7), shifted(view.Review.Week, 7)
	return shown(reviewPage(v.t, v.f, view))
}

// grid shades each hour by its part of the busiest one.
func grid(counts []int) (rows [][]hour, highest, total int) {
	if len(counts) > 0 {
		highest = slices.Max(counts)
	}
	for day := range days {
		var row []hour
		for at := range hours {
			h := hour{Day: day, Hour: at}
			if i := day*hours + at; i < len(counts) {
				h.Reads = counts[i]
			}
			if h.Reads > 0 {
				h.Shade = 1 + (h.Reads-1)*shades/max(highest, 1)
			}
			total += h.Reads
			row = append(row, h)
		}
		rows = append(rows, row)
	}
	return rows, highest, total
}

func (v reviewView) width() string  { return strconv.Itoa(leftMargin + hours*square) }
func (v reviewView) height() string { return strconv.Itoa(topMargin + days*square) }

// perDay are the figures of the drawing, by day: all, and those of the night.
func (v reviewView) perDay() (lines [][2]int) {
	for _, row := range v.Grid {
		var all, night int
		for _, h := range row {
			all += h.Reads
			if h.Hour < 6 || h.Hour >= 22 {
				night += h.Reads
			}
		}
		lines = append(lines, [2]int{all, night})
	}
	return lines
}

// weekOf is the ISO week of a day.
func weekOf(d calendar.Date) string {
	year, week := noon(d).ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}

// shifted is the week some days after the Monday of another; empty where that is none.
func shifted(week string, by int) string {
	var year, number int
	if _, err := fmt.Sscanf(week, "%d-W%d", &year, &number); err != nil {
		return ""
	}
	first := calendar.NewDate(year, time.January, 4) // is always in week 1
	monday := first.AddDays(-(int(first.Weekday()) + 6) % 7).AddDays(7 * (number - 1))
	return weekOf(monday.AddDays(by))
}

func noon(d calendar.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }
