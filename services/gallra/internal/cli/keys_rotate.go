package cli

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/services/gallra/internal/keys"
)

type keysRotateCommand struct {
	target
	asJSON
	Service string `help:"Only this service's; all where none is named." placeholder:"NAME"`
	Index   bool   `help:"Replace the keys of look-ups by number too, and rewrite their entries."`
}

func (keysRotateCommand) Help() string {
	return `Puts each keyring under a new root key and destroys the old one, and gives senders another transport key. The services do the
same by themselves at the end of every disposal; by hand it is done when somebody may have seen a root key. It may be repeated,
and ends what a crashed rotation has left. Exit status 1 when a service did not do it.

  gallra keys rotate
  gallra keys rotate --service case-linker --index`
}

var errNotRotated = errors.New("not every service has rotated its keys: what did not may be tried again")

func (c keysRotateCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	var result keys.Result
	if err := api.Post(ctx, "", keys.RotatePath, keys.Request{Service: c.Service, Index: c.Index}, &result); err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	if err := printRotated(t, c.JSON, result); err != nil {
		return err
	}
	if !result.OK() {
		return errNotRotated
	}
	return nil
}

func printRotated(t terminal, asJSON bool, result keys.Result) error {
	if asJSON {
		return printJSON(t.Out, result)
	}
	for _, turn := range result.Holders {
		said := "FAIL " + turn.Service + ": " + turn.Fault
		if done := turn.Rotated; done != nil {
			said = fmt.Sprintf("ok   %s: root key %d in place of %d", turn.Service, done.To, done.From)
			if done.Index {
				said += ", look-ups under other keys"
			}
		}
		if _, err := fmt.Fprintln(t.Out, said); err != nil {
			return err
		}
	}
	return nil
}
