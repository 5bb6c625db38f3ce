package accesslog

import (
	"fmt"
	"time"

	"gallra.se/libs/calendar"
)

// ParseWeek reads "2026-W47" and returns the week's Monday (ISO 8601: week 1 has the year's first Thursday).
func ParseWeek(text string) (calendar.Date, error) {
	var year, number int
	if n, err := fmt.Sscanf(text, "%4d-W%2d", &year, &number); err != nil || n != 2 || fmt.Sprintf("%04d-W%02d", year, number) != text {
		return calendar.Date{}, fmt.Errorf("want a week such as 2026-W47")
	}
	monday := MondayOf(calendar.NewDate(year, time.January, 4)).AddDays((number - 1) * 7)
	if y, w := time.Date(monday.Year, monday.Month, monday.Day, 0, 0, 0, 0, time.UTC).ISOWeek(); y != year || w != number {
		return calendar.Date{}, fmt.Errorf("year %d has no week %d", year, number)
	}
	return monday, nil
}
