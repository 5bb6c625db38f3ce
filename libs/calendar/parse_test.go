package calendar

import "testing"

func TestPeriodsAreReadInWordsAndInISO(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Period{
		"15 months": {Months: 15}, "1 month": {Months: 1}, "29 days": {Days: 29}, "3 years": {Months: 36}, "3 weeks": {Days: 21},
		"P15M": {Months: 15}, "P29D": {Days: 29}, "P3Y": {Months: 36}, "P2Y2M": {Months: 26},
	} {
		if got, err := ParsePeriod(text); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestPeriodsWithoutUnitOrWithFractionsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "15", "months", "1.5 months", "1,5 months", "-3 days", "0 days", "P", "P0D", "P1.5Y", "P1M3D", "PT24H",
		"15months", " 15 months", "15 months ", "15 hours", "3 fortnights", "99999 months",
	} {
		if got, err := ParsePeriod(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestDaysThatDoNotExistAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "2023-02-29", "2024-13-01", "2024-1-2", "24-01-02", "2024-01-02T00:00:00Z", " 2024-01-02"} {
		if got, err := ParseDate(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}
