package board

import (
	"time"

	"gallra.se/libs/calendar"
)

// civil is the day in the authority's zone from whose 00:00 something is gone; empty where there is none ("none").
func civil(zone *time.Location, due string) string {
	if at, err := time.Parse(time.RFC3339, due); err == nil {
		return calendar.DateOf(at, zone).String()
	}
	if day, err := calendar.ParseDate(due); err == nil {
		return day.String()
	}
	return ""
}
