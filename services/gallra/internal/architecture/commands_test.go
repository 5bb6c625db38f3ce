package architecture

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/cli"
)

var (
	makes   = regexp.MustCompile("(?m)(?:^|`)make ([a-z][a-z0-9-]*)")
	gallras = regexp.MustCompile("(?m)(?:^|`|\\()(?:bin/)?gallra ([a-z][a-z-]*(?: (?:now|advance|run|tail|add|list|revoke|check)\\b)?)")
)

func TestEveryCommandThatADocumentNamesExists(t *testing.T) {
	t.Parallel()
	targets := read(t, "Makefile")
	for _, page := range documents(t) {
		text := read(t, page)
		for _, found := range makes.FindAllStringSubmatch(text, -1) {
			if !regexp.MustCompile(`(?m)^` + found[1] + `:.*## `).MatchString(targets) {
				t.Errorf("%s: there is no make %s", page, found[1])
			}
		}
		for _, found := range gallras.FindAllStringSubmatch(text, -1) {
			var said, complaints bytes.Buffer
			if status := cli.Main(append(strings.Fields(found[1]), "--help"), &said, &complaints); status != 0 {
				t.Errorf("%s: there is no gallra %s", page, found[1])
			}
		}
	}
}
