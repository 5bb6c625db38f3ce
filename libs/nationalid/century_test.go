package nationalid

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"gallra.se/libs/calendar"
)

// withCheck puts the check digit behind six digits of birth, a sign and a birth number.
func withCheck(birth, sign, birthNumber string) string {
	return birth + sign + birthNumber + string(luhn(birth+birthNumber))
}

func TestTenDigitsAtTheTurnOfACenturyGoByTheDayTheyWereWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		birth, sign, on string
		year            int
	}{
		{"991231", "-", "1999-12-31", 1999},
		{"991231", "-", "2000-01-01", 1999},
		{"000101", "-", "1999-12-31", 1900}, // ninety-nine years old, a hundred tomorrow
		{"000101", "-", "2000-01-01", 2000},
		{"000101", "", "2000-01-01", 2000},
		{"000101", "+", "1999-12-31", 1800}, // not yet in the year of the hundredth birthday
		{"000101", "+", "2000-01-01", 1900},
		{"001231", "+", "2000-01-01", 1900}, // the whole year counts, not the birthday
		{"001231", "-", "2000-01-01", 1900}, // nobody is born later this year
		{"991231", "+", "2099-01-01", 1999},
		{"000161", "-", "2000-01-01", 2000}, // coordination number: day 61 is the first
		{"000162", "-", "2000-01-01", 1900},
		{"000229", "-", "2000-02-29", 2000},
		{"000229", "+", "2100-06-01", 2000},
	} {
		id, err := ParseOn("SE", withCheck(c.birth, c.sign, "238"), calendar.MustDate(c.on))
		if err != nil || id.BirthDate().Year != c.year || id.Canonical()[:2] != strconv.Itoa(c.year)[:2] {
			t.Errorf("%s%s written on %s: born %s, %v; want %d", c.birth, c.sign, c.on, id.BirthDate(), err, c.year)
		}
	}
}

func TestNobodyIsBornAfterTheirNumberWasWritten(t *testing.T) {
	t.Parallel()
	const futureCode = "160624A900C"
	tomorrow, today := "20"+withCheck("240616", "-", "238"), calendar.MustDate("2024-06-15")
	for _, c := range []struct{ country, text string }{{"SE", tomorrow}, {"FI", futureCode}, {"SE", "19" + withCheck("960904", "+", "239")}} {
		if id, err := ParseOn(c.country, c.text, today); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s was read: born %s, %v", c.country, id.BirthDate(), err)
		}
	}
	if _, err := ParseOn("SE", tomorrow, calendar.MustDate("2024-06-16")); err != nil {
		t.Errorf("a day later: %v", err)
	}
	if _, err := ParseOn("SE", "19"+withCheck("240616", "+", "238"), today); err != nil {
		t.Errorf("a plus sign in the year of the hundredth birthday: %v", err)
	}
}

func TestTwoCodesThatDifferInTheSeparatorAloneAreTwoPeople(t *testing.T) {
	t.Parallel()
	all := map[string]bool{}
	for _, separator := range "-YXWVU" {
		id, err := Parse("FI", "010594"+string(separator)+"9032")
		if err != nil || id.BirthDate() != calendar.MustDate("1994-05-01") {
			t.Errorf("%c: %s %v", separator, id.BirthDate(), err)
		}
		all[id.Canonical()] = true
	}
	if len(all) != 6 {
		t.Errorf("%d people, want 6", len(all))
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"199609042396", "960904-2396", "960904+2396", "960904 2396", "010594Y9032", "010594-001Y", "20000229-2389", "１99609042396", ""} {
		f.Add("SE", seed, 2024, 6)
		f.Add("FI", seed, 2000, 1)
	}
	f.Fuzz(func(t *testing.T, country, text string, year, month int) {
		day := calendar.Date{}
		if year > 1900 && year < 2200 && month > 0 && month < 13 {
			day = calendar.MustDate(strconv.Itoa(year) + "-" + strconv.Itoa(100 + month)[1:] + "-15")
		}
		id, err := ParseOn(country, text, day)
		if err != nil {
			if !id.IsZero() || country == "SE" && len(text) > 5 && strings.Contains(err.Error(), text) {
				t.Fatalf("a refusal of %d bytes bears them", len(text))
			}
			return
		}
		again, err := ParseOn(country, id.Canonical(), day)
		if err != nil || again != id {
			t.Fatalf("the canonical form is another number: %v", err)
		}
		if !day.IsZero() && id.BirthDate().After(day) {
			t.Fatalf("born %s, written %s", id.BirthDate(), day)
		}
	})
}
