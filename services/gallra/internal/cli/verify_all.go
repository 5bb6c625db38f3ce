package cli

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/evidence"
	"gallra.se/services/ledger/tiles"
)

// all checks the whole log, of a running system or from the files of one.
func (c verifyCommand) all(ctx context.Context, t terminal) error {
	if len(c.Files) > 0 || c.Log != "" && c.Save != "" {
		return fmt.Errorf("%w: --all takes no files, and either --log or --save", errNotLooked)
	}
	found, err := c.whole(ctx)
	if err != nil {
		return judged(err)
	}
	if err := printWhole(t, c.JSON, found); err != nil {
		return err
	}
	if !found.OK {
		return errors.New("the log does not verify")
	}
	return nil
}

func (c verifyCommand) whole(ctx context.Context) (evidence.Whole, error) {
	if c.Log != "" {
		keys, err := evidence.KeysFor(c.Key, c.Witness, c.Log)
		if err != nil {
			return evidence.Whole{}, err
		}
		v, err := tiles.Check(ctx, evidence.Saved{Dir: c.Log}, keys.Log, keys.Witness...)
		return evidence.Whole{Verdict: v}, err
	}
	api, err := c.client()
	if err != nil {
		return evidence.Whole{}, err
	}
	return c.wholeOf(ctx, api)
}

func (c verifyCommand) wholeOf(ctx context.Context, api *client.Client) (evidence.Whole, error) {
	keys, err := c.keysOnline(ctx, api, c.Save) // the key of an earlier day, where one was saved
	if err != nil {
		return evidence.Whole{}, err
	}
	var from tiles.Source = evidence.Online{API: api}
	if c.Save != "" {
		if err := saveKey(c.Save, keys.Log); err != nil {
			return evidence.Whole{}, err
		}
		from = evidence.Saving{Source: from, Dir: c.Save}
	}
	v, err := tiles.Check(ctx, from, keys.Log, keys.Witness...)
	if err != nil {
		return evidence.Whole{}, err
	}
	return evidence.Receipts(ctx, api, keys, v)
}

func printWhole(t terminal, asJSON bool, found evidence.Whole) error {
	if asJSON {
		return printJSON(t.Out, found)
	}
	if !found.OK {
		_, err := fmt.Fprintf(t.Out, "FAILED: %s\n", found.Fault)
		return err
	}
	_, err := fmt.Fprintf(t.Out, "verified: %d leaves and %d tiles give the root that is signed, %s; %d receipts verify\n",
		found.Leaves, found.Tiles, found.Root, found.Receipts)
	return err
}
