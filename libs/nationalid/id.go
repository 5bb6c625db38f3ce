package nationalid

import (
	"errors"
	"fmt"

	"gallra.se/libs/calendar"
)

// Kind is what sort of number an ID is.
type Kind string

const (
	Personal     Kind = "personnummer"
	Coordination Kind = "samordningsnummer"
	HETU         Kind = "henkilotunnus"
)

// Sex is what the number itself tells.
type Sex string

const (
	Female Sex = "female"
	Male   Sex = "male"
)

// Refusals. None of them repeats what was read.
var (
	// ErrInvalid: the text is no number of that country.
	ErrInvalid = errors.New("not a valid national identity number")
	// ErrCentury: ten Swedish digits do not say the century; ParseOn does, with the day they were written.
	ErrCentury = errors.New("a national identity number of ten digits needs the day it was written on")
	// ErrCountry: no such register is known here.
	ErrCountry = errors.New("unknown country of national identity numbers")
)

// ID is a number that was found valid. The zero ID is none. IDs compare with ==.
type ID struct {
	canonical string
	born      calendar.Date
	sex       Sex
	kind      Kind
	test      bool
}

// Parse reads a number that says its own century: twelve Swedish digits ("SE"; a dash before the last four is allowed) or
// a Finnish identity code ("FI").
func Parse(country, s string) (ID, error) { return ParseOn(country, s, calendar.Date{}) }

// ParseOn reads also ten Swedish digits, as they were written on a day: with a dash, or with no sign, the person was then
// younger than a hundred years, with a plus sign in the year of the hundredth birthday or past it. Nobody is born
// after the day on which the number was written.
func ParseOn(country, s string, writtenOn calendar.Date) (ID, error) {
	switch country {
	case "SE":
		return parseSwedish(s, writtenOn)
	case "FI":
		return parseFinnish(s, writtenOn)
	default:
		return ID{}, fmt.Errorf("%w: %s", ErrCountry, country)
	}
}

// Canonical is the number itself: twelve digits for Sweden, eleven characters for Finland.
func (id ID) Canonical() string { return id.canonical }

// BirthDate is the day of birth that the number tells.
func (id ID) BirthDate() calendar.Date { return id.born }

// Sex is what the number tells.
func (id ID) Sex() Sex { return id.sex }

// Kind tells a personal number from a coordination number and an identity code.
func (id ID) Kind() Kind { return id.kind }

// IsTest says whether the number can belong to nobody: birth numbers 238, 239 and 980–999 in Sweden, individual numbers
// 900–999 in Finland. A simulated deployment accepts no other.
func (id ID) IsTest() bool { return id.test }

// IsZero says whether there is no number at all.
func (id ID) IsZero() bool { return id.canonical == "" }
