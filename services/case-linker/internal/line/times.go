package line

import (
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/problem"
)

// Skew is how far a sender's clock may be ahead of ours (D7).
const Skew = 5 * time.Minute

// ahead is how long ahead a decision may take effect.
const aheadYears = 2

// times reads at and effective. A decision may take effect ahead of its time or have done so before it; a registration
// begins on its day or began before: one that lies ahead would cancel a clock that may end first (section 3.4).
func (l *Line) times(now time.Time) error {
	s, err := l.text("at")
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || at.After(now.Add(Skew)) || at.Year() < 1900 {
		return problem.OnField("invalid-time", "at")
	}
	l.At = at.UTC().Truncate(time.Microsecond)
	l.EffectiveOn = l.Pack.Today(l.At)
	if value, ok := l.members["effective"]; !ok || value.Kind() == 'n' {
		return nil
	}
	if s, err = l.text("effective"); err != nil {
		return err
	}
	on, err := calendar.ParseDate(s)
	latest := calendar.NewDate(l.EffectiveOn.Year+aheadYears, l.EffectiveOn.Month, l.EffectiveOn.Day)
	if l.Kind == PersonRegistered {
		latest = l.EffectiveOn
	}
	if err != nil || on.Year < 1900 || on.After(latest) {
		return problem.OnField("invalid-time", "effective")
	}
	l.EffectiveOn = on
	return nil
}

// alive refuses what happened before the person was born.
func (l *Line) alive() error {
	day := l.Pack.Today(l.At)
	for _, id := range append(l.Persons, l.Person) {
		if !id.IsZero() && (day.Before(id.BirthDate()) || l.EffectiveOn.Before(id.BirthDate())) {
			return problem.OnField("invalid-time", "at")
		}
	}
	return nil
}
