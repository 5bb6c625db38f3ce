// Package group keeps job-seeker groups on the web and who takes part in them. What is kept of a participant is what the
// pack names (KSC-11), and it goes a period after the group's end, also of those who left before (KSC-18).
package group

import (
	"maps"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/subject"
)

// Given is what is said of a group that begins. Dates are civil; End may be empty.
type Given struct{ ID, Name, Start, End string }

// Plan is a group as it may be.
type Plan struct {
	Name           string
	StartOn, EndOn calendar.Date // EndOn is zero where no end is planned
}

// Judge refuses a group without id, name or beginning, and one that ends before it begins.
func (g Given) Judge() (p Plan, err error) {
	for _, text := range []struct{ name, value string }{{"id", g.ID}, {"name", g.Name}} {
		if text.value == "" {
			return p, problem.OnField("missing-field", text.name)
		}
		if err := strict.Fits(text.name, text.value, strict.MaxName); err != nil {
			return p, err
		}
		if err := strict.Clean(text.name, text.value); err != nil {
			return p, err
		}
	}
	p.Name = g.Name
	if p.StartOn, err = Day("start", g.Start, calendar.Date{}); err != nil || g.End == "" {
		return p, err
	}
	p.EndOn, err = Day("end", g.End, p.StartOn)
	return p, err
}

// Day reads a civil date that does not lie before another.
func Day(field, text string, first calendar.Date) (calendar.Date, error) {
	if text == "" {
		return calendar.Date{}, problem.OnField("missing-field", field)
	}
	on, err := calendar.ParseDate(text)
	if err != nil || on.Before(first) || on.Year < 1900 {
		return calendar.Date{}, problem.OnField("invalid-time", field)
	}
	return on, nil
}

// Joining is what is said of somebody who joins.
type Joining struct {
	Person map[string]string // name and nationalId
	Fields map[string]string
	At     string // RFC 3339; now where it is empty
}

// Joined is what may be kept of a participant.
type Joined struct {
	subject.Kept
	On calendar.Date
}

// skew is how far a sender's clock may be ahead of ours.
const skew = 5 * time.Minute

// Judge refuses somebody without a number, and whatever package subject refuses.
func (j Joining) Judge(pack *policy.Pack, rules policy.Group, now time.Time, simulated bool) (out Joined, err error) {
	at := now
	if j.At != "" {
		if at, err = time.Parse(time.RFC3339, j.At); err != nil || at.After(now.Add(skew)) || at.Year() < 1900 {
			return out, problem.OnField("invalid-time", "at")
		}
	}
	all := maps.Clone(j.Fields)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, j.Person)
	if all[subject.NationalID] == "" {
		return out, problem.OnField("missing-field", subject.NationalID)
	}
	out.On = calendar.DateOf(at, pack.Zone)
	out.Kept, err = subject.Rules{Pack: pack, Store: rules.Store, On: out.On, Simulated: simulated}.Keep(all)
	return out, err
}
