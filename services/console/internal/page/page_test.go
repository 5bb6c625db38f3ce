package page

import (
	"reflect"
	"testing"

	"gallra.se/services/console/internal/board"
)

func TestNoWordIsMissingInEitherLanguage(t *testing.T) {
	t.Parallel()
	for _, texts := range []Texts{english, swedish} {
		v := reflect.ValueOf(texts)
		for i := range v.NumField() {
			if v.Field(i).String() == "" {
				t.Errorf("%s: %s", texts.Tag, v.Type().Field(i).Name)
			}
		}
	}
}

func TestAPeriodReadsAsInTheNotice(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]board.Promise{
		"15 månader":   {Period: "15 months"},
		"29 dagar":     {Period: "29 days"},
		"3 år, senast": {Period: "36 months", AtLatest: true},
		"1 år":         {Period: "12 months"},
		"1 månad":      {Period: "1 month"},
		"":             {},
	} {
		if found := period(swedish, p); found != want {
			t.Errorf("%s: %s", p.Period, found)
		}
	}
}

func TestNumbersAreGroupedByThrees(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 999: "999", 11600: "11\u00a0600", 1234567: "1\u00a0234\u00a0567", -1000: "-1\u00a0000", -100: "-100"} {
		if found := number(n); found != want {
			t.Errorf("%d: %s", n, found)
		}
	}
}
