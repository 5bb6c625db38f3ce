package officer

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

func TestNoWordIsMissingInEitherLanguage(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string]Texts{"english": english, "swedish": swedish} {
		complete(t, name, reflect.ValueOf(texts))
	}
	for _, pair := range [][2][]string{
		{keys(english.Words), keys(swedish.Words)}, {keys(english.Refusals), keys(swedish.Refusals)},
		{keys(english.Login.Accounts), keys(swedish.Login.Accounts)}, {keys(english.Protect.Done), keys(swedish.Protect.Done)},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Error(diff)
		}
	}
	for status := range english.Trouble {
		if swedish.Trouble[status].Lead == "" {
			t.Errorf("%d has no page in Swedish", status)
		}
	}
}

func keys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func complete(t *testing.T, in string, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		name := in + "." + v.Type().Field(i).Name
		switch field := v.Field(i); {
		case v.Type().Field(i).Name == "Page": // tested where it is
		case field.Kind() == reflect.Struct:
			complete(t, name, field)
		case field.Kind() == reflect.Map || field.Kind() == reflect.Slice:
			if field.Len() == 0 {
				t.Error(name)
			}
		case field.String() == "":
			t.Error(name)
		}
	}
}

func TestEveryCodeThatIsShownHasItsWord(t *testing.T) {
	t.Parallel()
	codes := slices.Concat(levels, reasons)
	for _, name := range policy.Default().Authorities() {
		pack, _ := policy.Default().Pack(name)
		codes = append(codes, visit{pack: pack}.planned()...)
		for _, role := range pack.Access().Roles {
			if role.Role != "processor" { // a machine's
				codes = append(codes, role.Role)
			}
		}
	}
	for _, code := range codes {
		if swedish.Words[code] == "" {
			t.Errorf("%q has no word", code)
		}
	}
}

func TestWeeksAreCountedAsInTheCalendar(t *testing.T) {
	t.Parallel()
	for day, week := range map[string]string{"2026-01-01": "2026-W01", "2025-12-29": "2026-W01", "2027-01-03": "2026-W53", "2024-12-30": "2025-W01", "2026-11-22": "2026-W47"} {
		if got := weekOf(calendar.MustDate(day)); got != week {
			t.Errorf("%s is in %s", day, got)
		}
	}
	for week, around := range map[string][2]string{"2026-W01": {"2025-W52", "2026-W02"}, "2026-W53": {"2026-W52", "2027-W01"}, "2021-W01": {"2020-W53", "2021-W02"}} {
		if got := [2]string{shifted(week, -7), shifted(week, 7)}; got != around {
			t.Errorf("around %s: %v", week, got)
		}
	}
	if shifted("soon", 7) != "" {
		t.Error("a week that is none")
	}
}

func TestHoursAreShadedByTheBusiest(t *testing.T) {
	t.Parallel()
	counts := make([]int, 168)
	counts[0], counts[23], counts[24], counts[167] = 1, 100, 25, 51
	rows, highest, total := grid(counts)
	if highest != 100 || total != 177 || rows[0][0].Shade != 1 || rows[0][23].Shade != 4 || rows[1][0].Shade != 1 || rows[6][23].Shade != 3 || rows[3][3].Shade != 0 {
		t.Errorf("%d %d %+v", highest, total, rows)
	}
	for _, short := range [][]int{nil, {1}, make([]int, 500)} { // an answer of another shape is no reason to fall
		if rows, _, _ := grid(short); len(rows) != days || len(rows[6]) != hours {
			t.Errorf("%d", len(short))
		}
	}
}

func TestWhereAFormLeadsIsWithin(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{"/officer/find": "/officer/find", "/officer/persons/x": "/officer/persons/x", "/officer": "", "//e.example/officer/": "",
		"https://e.example/officer/x": "", "/officer//e.example": "", "/officer/\\e": "", "/officer/x?y": "", "/officers/x": "", "": ""} {
		if got := local(to); got != want {
			t.Errorf("%q: %q", to, got)
		}
	}
}
