package policy

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// keysOf lists the keys of a pack as paths: rules.versions.period.
func keysOf(t reflect.Type, prefix string) (paths []string) {
	for i := range t.NumField() {
		key := t.Field(i).Tag.Get("yaml")
		if key == "" {
			continue
		}
		of := t.Field(i).Type
		if of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() == reflect.Struct && of != reflect.TypeFor[wordsDoc]() && len(keysOf(of, "")) > 0 {
			paths = append(paths, keysOf(of, prefix+key+".")...)
			continue
		}
		paths = append(paths, prefix+key)
	}
	return paths
}

func TestThePageOnPacksHasARowForEveryKeyAndNoOther(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/policy-packs.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Za-z.]+)` \\|").FindAllSubmatch(page, -1) {
		rows = append(rows, string(row[1]))
	}
	keys := keysOf(reflect.TypeFor[document](), "")
	slices.Sort(rows)
	slices.Sort(keys)
	if diff := cmp.Diff(keys, rows); diff != "" {
		t.Error(diff)
	}
}
