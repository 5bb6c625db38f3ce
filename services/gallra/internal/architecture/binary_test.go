package architecture

import (
	"slices"
	"strings"
	"testing"
)

// forTests are modules of others that have no place in the binary.
var forTests = []string{
	"github.com/google/go-cmp", "go.uber.org/goleak", "pgregory.net/rapid", "github.com/chromedp/", "github.com/compose-spec/",
	"github.com/transparency-dev/merkle",
}

func TestTheBinaryHoldsNoTestHelper(t *testing.T) {
	t.Parallel()
	said, err := golist("-deps", composition)
	if err != nil {
		t.Fatal(err)
	}
	linked := strings.Fields(string(said))
	helpers := []string{"testing", "net/http/httptest"}
	for _, p := range packages(t) {
		if slices.Contains(p.Imports, "testing") {
			helpers = append(helpers, p.ImportPath)
		}
	}
	for _, known := range []string{libs + "/pg/pgtest", libs + "/bus/bustest"} {
		if !slices.Contains(helpers, known) {
			t.Errorf("%s is not recognised as a helper of tests", known)
		}
	}
	for _, path := range linked {
		outside := slices.ContainsFunc(forTests, func(module string) bool { return strings.HasPrefix(path, module) })
		if outside || slices.Contains(helpers, path) {
			t.Errorf("the binary holds %s", path)
		}
	}
}
