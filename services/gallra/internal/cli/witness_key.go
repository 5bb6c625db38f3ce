package cli

import (
	"fmt"

	"gallra.se/services/ledger"
)

type witnessKeyCommand struct {
	asJSON
	Name string `required:"" help:"Who the witness is, by a name of its own." placeholder:"NAME"`
	Out  string `required:"" help:"New file for the key, for the witness's eyes only." placeholder:"FILE"`
}

func (witnessKeyCommand) Help() string {
	return `A witness is another party than the ledger: with its key every checkpoint bears a second signature, and a log that somebody
has rewritten is signed no more. What is printed is the public key, for whoever verifies.

  gallra witness key --name tillsyn.example --out witness.key
  gallra up --data data --ledger-witness witness.key
  gallra verify receipts/*.receipt --witness tillsyn.example+0a1b2c3d+AVx…`
}

func (c witnessKeyCommand) Run(t terminal) error {
	public, err := ledger.MakeWitnessKey(c.Out, c.Name)
	if err != nil {
		return fmt.Errorf("make key of a witness in %s: %w", c.Out, err)
	}
	if c.JSON {
		return printJSON(t.Out, map[string]string{"publicKey": public})
	}
	_, err = fmt.Fprintln(t.Out, public)
	return err
}
