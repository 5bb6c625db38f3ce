package census_test

import (
	"testing"
	"testing/fstest"

	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/census"
)

// Whatever stands in a file is read or refused, and what is read can be judged and shown.
func FuzzRead(f *testing.F) {
	for _, text := range sound() {
		f.Add(text)
	}
	f.Add("tables: {a: {columns: {b: [no]}}}")
	f.Add("tables: {a: {holds: b}}")
	f.Add("tables: &a {b: *a}")
	f.Fuzz(func(t *testing.T, text string) {
		fsys := fstest.MapFS{}
		for name, sane := range sound() {
			fsys[name] = &fstest.MapFile{Data: []byte(sane)}
		}
		fsys["a.yaml"] = &fstest.MapFile{Data: []byte(text)}
		c, err := census.Read(fsys)
		if err != nil {
			return
		}
		_ = c.Lint(policy.Default(), func(string) (string, bool) { return "", false })
		_ = c.Page(policy.Default())
	})
}
