package strict

import (
	"regexp"

	"gallra.se/libs/problem"
)

// plain is what may be repeated of a name that somebody else chose. Digits are left out: a number of a person could stand
// in a name's place.
var plain = regexp.MustCompile(`^[A-Za-z][A-Za-z_]{0,63}$`)

// Unknown refuses a field that there is not, by its name if that is plain.
func Unknown(name string) error { return OnField("unknown-field", name) }

// OnField is the problem of a reason on a field whose name came from outside.
func OnField(reason, name string) error {
	if !plain.MatchString(name) {
		return problem.New(reason)
	}
	return problem.OnField(reason, name)
}
