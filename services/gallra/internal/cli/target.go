package cli

import (
	"encoding/json"
	"io"

	"gallra.se/services/gallra/internal/client"
)

// target is the system that a command speaks to.
type target struct {
	URL string `default:"http://127.0.0.1:8080" env:"GALLRA_URL" help:"Address of the system. Calls bear GALLRA_TOKEN, else a token signed with the key of the system on this machine."`
	CA  string `name:"ca" type:"existingfile" env:"GALLRA_CA" help:"CA that an https:// system's certificate must be signed by; by default that of the system on this machine." placeholder:"FILE"`
}

func (t target) client() (*client.Client, error) { return client.New(t.URL, t.CA) }

// asJSON is for commands that print data.
type asJSON struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
