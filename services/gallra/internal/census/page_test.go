package census_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/policy"
)

var update = flag.Bool("update", false, "write docs/census.md again")

func TestThePageAgreesWithWhatIsDeclared(t *testing.T) {
	t.Parallel()
	const path = top + "/docs/census.md"
	page := loaded(t).Page(policy.Default())
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run `make generate`", err)
	}
	if diff := cmp.Diff(string(kept), page); diff != "" {
		t.Errorf("run `make generate`; docs/census.md is not what is declared:\n%s", diff)
	}
}
