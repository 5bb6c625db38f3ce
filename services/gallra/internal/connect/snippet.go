package connect

import (
	"strings"
	"text/template"

	"gallra.se/services/gallra/internal/credentials"
)

// Snippet is what a partner begins with: the command line of NATS, then Go.
func (g Given) Snippet() (string, error) {
	var b strings.Builder
	err := snippet.Execute(&b, map[string]any{
		"G": g, "Domain": credentials.Domain,
	})
	return b.String(), err
}

var snippet = template.Must(template.New("snippet").Parse(`{{$g := .G}}{{$domain := .Domain -}}
# the command line of NATS
export NATS_URL={{$g.Nats}} NATS_NKEY={{$g.Seed}}{{if $g.CA}} NATS_CA={{$g.CA}}{{end}}
{{- range $g.Publish}}
nats req in.{{.Authority}}.{{.What}} "$(cat {{.What}}.json)"
{{- end}}
{{- range $g.Reads}}
nats --js-domain {{$domain}} consumer next {{.Stream}} {{.Name}} --count 10
{{- end}}

// Go, with github.com/nats-io/nats.go
seed, err := nats.NkeyOptionFromSeed("{{$g.Seed}}")
nc, err := nats.Connect("{{$g.Nats}}", seed{{if $g.CA}}, nats.RootCAs("{{$g.CA}}"){{end}})
{{- range $g.Publish}}
answer, err := nc.Request("in.{{.Authority}}.{{.What}}", {{.What}}, 10*time.Second)
{{- end}}
{{- if $g.Reads}}
js, err := jetstream.NewWithDomain(nc, "{{$domain}}")
{{- end}}
{{- range $g.Reads}}
events, err := js.Consumer(ctx, "{{.Stream}}", "{{.Name}}")
reading, err := events.Consume(func(m jetstream.Msg) { /* … */ m.Ack() })
{{- end}}
`))
