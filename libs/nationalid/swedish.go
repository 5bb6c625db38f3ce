package nationalid

import (
	"regexp"
	"strconv"
	"time"

	"gallra.se/libs/calendar"
)

// swedishForm: century (absent in the ten-digit form), year, month, day, sign, birth number, check digit.
var swedishForm = regexp.MustCompile(`^([0-9]{2})?([0-9]{2})([0-9]{2})([0-9]{2})([-+]?)([0-9]{3})([0-9])$`)

// coordinationDays is added to the day of birth in a coordination number.
const coordinationDays = 60

func parseSwedish(s string, writtenOn calendar.Date) (ID, error) {
	m := swedishForm.FindStringSubmatch(s)
	if m == nil {
		return ID{}, ErrInvalid
	}
	century, yy, mm, dd, sign, birthNumber, check := m[1], m[2], m[3], m[4], m[5], m[6], m[7]
	if luhn(yy+mm+dd+birthNumber) != check[0] {
		return ID{}, ErrInvalid
	}
	day, kind := number(dd), Personal
	if day > coordinationDays {
		day, kind = day-coordinationDays, Coordination
	}
	born, err := swedishBirth(century, number(yy), number(mm), day, sign, writtenOn)
	if err != nil {
		return ID{}, err
	}
	return ID{
		canonical: strconv.Itoa(born.Year/100) + yy + mm + dd + birthNumber + check,
		born:      born,
		sex:       sexOf(number(birthNumber)),
		kind:      kind,
		test:      swedishTest(number(birthNumber)),
	}, nil
}

func swedishBirth(century string, yy, month, day int, sign string, writtenOn calendar.Date) (calendar.Date, error) {
	if century != "" {
		year := number(century)*100 + yy
		// A plus sign beside a century says the same thing twice; people do write it. It must be true.
		if sign == "+" && !writtenOn.IsZero() && year > writtenOn.Year-100 {
			return calendar.Date{}, ErrInvalid
		}
		return bornBefore(writtenOn, year, month, day)
	}
	if writtenOn.IsZero() {
		return calendar.Date{}, ErrCentury
	}
	if sign == "+" { // used from the year in which a person turns a hundred
		return dayThatExists(latestYear(yy, writtenOn.Year-100), month, day)
	}
	year := latestYear(yy, writtenOn.Year)
	if (calendar.Date{Year: year, Month: time.Month(month), Day: day}).After(writtenOn) {
		year -= 100
	}
	return dayThatExists(year, month, day)
}

// latestYear is the last year not after limit that ends in these two digits.
func latestYear(yy, limit int) int { return limit - (limit-yy)%100 }

// bornBefore is a day that exists and was not yet to come when the number was written.
func bornBefore(writtenOn calendar.Date, year, month, day int) (calendar.Date, error) {
	born, err := dayThatExists(year, month, day)
	if err == nil && !writtenOn.IsZero() && born.After(writtenOn) {
		return calendar.Date{}, ErrInvalid
	}
	return born, err
}

func dayThatExists(year, month, day int) (calendar.Date, error) {
	d := calendar.Date{Year: year, Month: time.Month(month), Day: day}
	if year < 1800 || calendar.NewDate(year, time.Month(month), day) != d {
		return calendar.Date{}, ErrInvalid
	}
	return d, nil
}

// luhn is the check digit (ISO/IEC 7812-1 annex B) of nine digits: every other one, from the first, counts twice.
func luhn(digits string) byte {
	sum := 0
	for i, c := range []byte(digits) {
		v := int(c-'0') * (2 - i%2)
		sum += v/10 + v%10
	}
	return byte('0' + (10-sum%10)%10)
}

func swedishTest(birthNumber int) bool {
	return birthNumber == 238 || birthNumber == 239 || birthNumber >= 980
}

func sexOf(n int) Sex {
	if n%2 == 0 {
		return Female
	}
	return Male
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // the patterns let only digits through
	return n
}
