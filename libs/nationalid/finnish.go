package nationalid

import (
	"regexp"

	"gallra.se/libs/calendar"
)

// finnishForm: day, month, year, the sign of the century, individual number, check character.
var finnishForm = regexp.MustCompile(`^([0-9]{2})([0-9]{2})([0-9]{2})([-+YXWVUABCDEF])([0-9]{3})([0-9A-FHJ-NPR-Y])$`)

// finnishCentury has the separators in use since 2023.
var finnishCentury = map[string]int{
	"+": 1800,
	"-": 1900, "Y": 1900, "X": 1900, "W": 1900, "V": 1900, "U": 1900,
	"A": 2000, "B": 2000, "C": 2000, "D": 2000, "E": 2000, "F": 2000,
}

const finnishChecks = "0123456789ABCDEFHJKLMNPRSTUVWXY"

func parseFinnish(s string, writtenOn calendar.Date) (ID, error) {
	m := finnishForm.FindStringSubmatch(s)
	if m == nil {
		return ID{}, ErrInvalid
	}
	dd, mm, yy, separator, individual, check := m[1], m[2], m[3], m[4], m[5], m[6]
	if finnishChecks[number(dd+mm+yy+individual)%31] != check[0] {
		return ID{}, ErrInvalid
	}
	born, err := bornBefore(writtenOn, finnishCentury[separator]+number(yy), number(mm), number(dd))
	if err != nil || number(individual) < 2 {
		return ID{}, ErrInvalid
	}
	return ID{
		canonical: s,
		born:      born,
		sex:       sexOf(number(individual)),
		kind:      HETU,
		test:      number(individual) >= 900,
	}, nil
}
