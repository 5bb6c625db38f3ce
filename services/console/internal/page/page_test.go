package page

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/board"
)

func TestNoWordIsMissingInEitherLanguage(t *testing.T) {
	t.Parallel()
	for _, texts := range []Texts{english, swedish} {
		complete(t, texts.Tag, reflect.ValueOf(texts))
	}
}

func complete(t *testing.T, in string, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		name := in + "." + v.Type().Field(i).Name
		switch field := v.Field(i); field.Kind() {
		case reflect.Struct:
			complete(t, name, field)
		case reflect.Map:
			if field.Len() == 0 {
				t.Error(name)
			}
		default:
			if field.String() == "" {
				t.Error(name)
			}
		}
	}
}

func TestEveryCodeHasItsWordInBothLanguages(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(slices.Sorted(maps.Keys(englishWords)), slices.Sorted(maps.Keys(swedishWords))); diff != "" {
		t.Error(diff)
	}
	for _, name := range policy.Default().Authorities() {
		pack, _ := policy.Default().Pack(name)
		for _, r := range pack.Rules {
			for _, code := range append([]string{r.Category, string(r.Trigger)}, r.CaseTypes...) {
				if code != "" && swedishWords[code] == "" {
					t.Errorf("%s %s: %q has no word", name, r.ID, code)
				}
			}
		}
	}
}

func TestAPeriodReadsAsInTheNotice(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]board.Promise{
		"15 månader":                        {Period: "15 months"},
		"29 dagar":                          {Period: "29 days"},
		"3 år, senast":                      {Period: "36 months", Mode: "ceiling"},
		"1 år":                              {Period: "12 months"},
		"1 månad":                           {Period: "1 month"},
		"":                                  {},
		"14 dagar":                          {Period: "14 days", Mode: "exact"},
		"anges inte":                        {Period: "12 months", NotStated: true},
		"utan slut":                         {NoEnd: true},
		"0 dagar, därefter första måndagen": {Period: "0 days", Mode: "weekly"},
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
