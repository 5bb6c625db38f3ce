package nationalid

import (
	"errors"
	"testing"

	"gallra.se/libs/calendar"
)

func TestOfficialTestNumbersAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		country, text, born string
		kind                Kind
		sex                 Sex
	}{
		{"SE", "199609042396", "1996-09-04", Personal, Male},
		{"SE", "199001012385", "1990-01-01", Personal, Female},
		{"SE", "200002292399", "2000-02-29", Personal, Male},
		{"SE", "198002292384", "1980-02-29", Personal, Female},
		{"FI", "010594Y9032", "1994-05-01", HETU, Male},
		{"FI", "020594X903P", "1994-05-02", HETU, Male},
		{"FI", "030516D9037", "2016-05-03", HETU, Male},
		{"FI", "020504B904H", "2004-05-02", HETU, Female},
		{"FI", "070503A9886", "2003-05-07", HETU, Female},
	} {
		id, err := Parse(c.country, c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if id.Canonical() != c.text || id.BirthDate() != calendar.MustDate(c.born) || id.Kind() != c.kind || id.Sex() != c.sex || !id.IsTest() {
			t.Errorf("%s: %s %s %s %s test %v", c.text, id.Canonical(), id.BirthDate(), id.Kind(), id.Sex(), id.IsTest())
		}
	}
}

func TestTenDigitsGetTheCenturyOfTheDayTheyWereWritten(t *testing.T) {
	t.Parallel()
	on := calendar.MustDate("2024-06-15")
	for text, want := range map[string]string{
		"199609042396":  "199609042396",
		"19960904-2396": "199609042396",
		"960904-2396":   "199609042396",
		"9609042396":    "199609042396",
		"960904+2396":   "189609042396",
	} {
		if id, err := ParseOn("SE", text, on); err != nil || id.Canonical() != want {
			t.Errorf("%s: %q, %v; want %s", text, id.Canonical(), err, want)
		}
	}
	if _, err := Parse("SE", "960904-2396"); !errors.Is(err, ErrCentury) {
		t.Errorf("ten digits without a day: %v, want ErrCentury", err)
	}
}

func TestABirthdayLaterInTheYearIsOfTheCenturyBefore(t *testing.T) {
	t.Parallel()
	body := "240616" + "238"
	number := body + string(luhn(body))
	for on, want := range map[string]int{"2024-06-15": 1924, "2024-06-16": 2024} {
		id, err := ParseOn("SE", number, calendar.MustDate(on))
		if err != nil || id.BirthDate().Year != want {
			t.Errorf("written %s: born %s, %v; want %d", on, id.BirthDate(), err, want)
		}
	}
}

func TestAPlusSignBeginsInTheYearOfTheHundredthBirthday(t *testing.T) {
	t.Parallel()
	body := "240616" + "238"
	id, err := ParseOn("SE", body[:6]+"+"+body[6:]+string(luhn(body)), calendar.MustDate("2024-06-15"))
	if err != nil || id.BirthDate().Year != 1924 {
		t.Errorf("born %s, %v; want 1924", id.BirthDate(), err)
	}
}

func TestACoordinationNumberHasSixtyAddedToItsDay(t *testing.T) {
	t.Parallel()
	body := "960964" + "238"
	id, err := Parse("SE", "19"+body+string(luhn(body)))
	if err != nil || id.Kind() != Coordination || id.BirthDate() != calendar.MustDate("1996-09-04") || id.Canonical()[:8] != "19960964" {
		t.Fatalf("%v %s %s", err, id.Kind(), id.BirthDate())
	}
}

func TestWrongNumbersAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ country, text string }{
		{"SE", ""}, {"SE", "199609042397"}, {"SE", "1996 0904 2396"}, {"SE", "19960904 2396"}, {"SE", "19960904--2396"}, {"SE", "19960904\u20132396"},
		{"SE", "19960904\u00a02396"}, {"SE", " 199609042396"}, {"SE", "19960904\n2396"}, {"FI", "010594 9032"}, {"FI", "010594Y9032 "}, {"SE", "199613042396"}, {"SE", "199602302393"},
		{"SE", "19960904239"}, {"SE", "1996090423961"}, {"SE", "199609042396 "}, {"SE", "１99609042396"}, {"SE", "010594Y9032"},
		{"FI", "010594Y9033"}, {"FI", "320594Y9032"}, {"FI", "010594Z9032"}, {"FI", "010594y9032"}, {"FI", "199609042396"},
		{"FI", "010594-001Y"}, {"NO", "199609042396"},
	} {
		if id, err := Parse(c.country, c.text); err == nil {
			t.Errorf("%s %q was read as %s", c.country, c.text, id.Canonical())
		}
	}
}

func TestOrdinaryNumbersAreNotTestNumbers(t *testing.T) {
	t.Parallel()
	body := "960904" + "237"
	id, err := Parse("SE", "19"+body+string(luhn(body)))
	if err != nil || id.IsTest() {
		t.Errorf("237: %v, test %v", err, id.IsTest())
	}
}
