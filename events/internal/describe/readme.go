package describe

import (
	"fmt"
	"strings"

	"gallra.se/events"
)

// Marks between which README.md is generated.
const (
	Begin = "<!-- generated from catalogue.go: begin -->\n"
	End   = "<!-- generated from catalogue.go: end -->\n"
)

// Table is the README's part between the marks.
func Table(catalogue []events.Entry) string {
	var b strings.Builder
	b.WriteString("| event | meaning | from (stream) | to | fields |\n|---|---|---|---|---|\n")
	for _, e := range catalogue {
		fmt.Fprintf(&b, "| [`%s`](%s) | %s | %s | %s | %s |\n",
			e.Name(), e.SchemaFile(), e.Meaning, sources(e), consumers(e), fields(e))
	}
	return b.String()
}

func sources(e events.Entry) string {
	var out []string
	for _, s := range e.Sources {
		out = append(out, fmt.Sprintf("%s (%s)", s.Service, s.Stream))
	}
	return strings.Join(out, ", ")
}

func consumers(e events.Entry) string {
	if len(e.Consumers) == 0 {
		return "outsiders only"
	}
	return strings.Join(e.Consumers, ", ")
}

func fields(e events.Entry) string {
	var out []string
	for _, f := range e.Fields() {
		mark := map[events.Sensitivity]string{events.Pseudonymous: "°", events.Personal: "●"}[f.Sensitivity]
		out = append(out, "`"+f.Path+"`"+mark)
	}
	return strings.Join(out, " ")
}
