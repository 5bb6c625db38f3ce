package scenario

import (
	"fmt"
	"time"
)

// Moment reads a point in time: an RFC 3339 instant, or a local time in the
// authority's zone with or without seconds.
func Moment(text string, zone *time.Location) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		at, err := time.ParseInLocation(layout, text, zone)
		if err == nil && at.Format(layout) == text {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: want 2006-01-02 15:04 (local) or an RFC 3339 instant", text)
}

// CivilDate reads a date, or the date of a moment written in the authority's zone.
func CivilDate(text string, zone *time.Location) (string, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.Format(time.DateOnly), nil
	}
	at, err := Moment(text, zone)
	if err != nil {
		return "", fmt.Errorf("%q is no date: want 2006-01-02", text)
	}
	return at.In(zone).Format(time.DateOnly), nil
}

// zoneOf answers nil for an authority that the format does not name.
func zoneOf(authority string) *time.Location {
	name, ok := zones[authority]
	if !ok {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic("the time zone database lacks " + name)
	}
	return zone
}
