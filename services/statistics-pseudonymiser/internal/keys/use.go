package keys

import (
	"strconv"

	"gallra.se/libs/calendar"
	"gallra.se/libs/keyring"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Names under which pseudonym keys are derived from a unit: K = Unit.MAC(name, nil).
// Whoever recomputes p of a linked row needs the unit of its epoch:
// p = Crockford(HMAC-SHA-256(Unit.MAC("stat:p", nil), t)[:16]).
const (
	deriveRow    = "stat:row"
	derivePerson = "stat:p"
	deriveFresh  = "stat:fresh"
)

// Use is what a key serves.
type Use struct {
	use    store.Use // without its unit
	page   keyring.PageRule
	derive string
}

// RowOf is the use of K_row of an authority.
func RowOf(authority string) Use {
	return Use{store.Use{Authority: authority, Purpose: store.PurposeRow}, keyring.Shared("statistics.row"), deriveRow}
}

// EpochOf is the use of the keys of a year of closure.
func EpochOf(authority string, year int) Use {
	use := store.Use{Authority: authority, Purpose: store.PurposeEpoch, Period: strconv.Itoa(year)}
	return Use{use, keyring.Shared("statistics.epoch"), derivePerson}
}

// DayOf is the use of the key of a day of separation.
func DayOf(authority string, on calendar.Date) Use {
	use := store.Use{Authority: authority, Purpose: store.PurposeDay, Period: on.String()}
	return Use{use, keyring.ByDay("statistics.day", use.Period), deriveFresh}
}
