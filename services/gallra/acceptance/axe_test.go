package acceptance

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// axePath names another copy of axe-core than that of `make axe`.
const axePath = "GALLRA_AXE"

// axe is the text of axe-core; a test without it skips.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv(axePath)
	if path == "" {
		path = filepath.Join(root, ".cache", "axe", "package", "axe.min.js")
	}
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) && os.Getenv(axePath) == "" {
		t.Skip("axe-core is not on this machine: make axe")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// violation is a rule of axe-core and what breaks it.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML string `json:"html"`
	} `json:"nodes"`
}

// violations are what axe-core finds on the page as it stands.
func (b *tab) violations(axe string) []violation {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](axe))
	return ask(b, chromedp.Evaluate[[]violation](`axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>
		({id: v.id, help: v.help, nodes: v.nodes.map(n => ({html: n.html.slice(0, 200)}))})))`, chromedp.EvalAwaitPromise))
}

// accessible fails on every violation.
func (b *tab) accessible(axe, page string) {
	b.t.Helper()
	for _, v := range b.violations(axe) {
		b.t.Errorf("%s: %s (%s): %+v", page, v.ID, v.Help, v.Nodes)
	}
}
