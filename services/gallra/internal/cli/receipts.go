package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/evidence"
	"gallra.se/services/ledger/receipt"
)

type receiptsCommand struct {
	target
	asJSON
	Out    string `help:"Directory for one file per receipt, and the ledger's public key." placeholder:"DIR"`
	Limit  int64  `help:"At most this many; 0 for all." default:"0"`
	After  int64  `help:"Only those behind this place in the log." default:"-1"`
	Record string `help:"Only those of one record." placeholder:"ID"`
}

func (receiptsCommand) Help() string {
	return `Without --out it lists them.

  gallra receipts --out receipts --limit 100
  gallra verify receipts/*.receipt`
}

func (c receiptsCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := c.keepKey(ctx, api); err != nil {
			return err
		}
	}
	n := 0
	err = api.Receipts(ctx, c.After, c.Limit, c.Record, func(r client.Receipt) error {
		n++
		if c.Out != "" {
			return c.save(r)
		}
		return c.list(t, r)
	})
	if err != nil {
		return fmt.Errorf("download receipts: %w", err)
	}
	if c.Out != "" {
		_, err = fmt.Fprintf(t.Out, "%d receipts in %s\n", n, c.Out)
	}
	return err
}

func (c receiptsCommand) keepKey(ctx context.Context, api *client.Client) error {
	key, err := api.LedgerKey(ctx)
	if err != nil {
		return fmt.Errorf("ask for the ledger's key: %w", err)
	}
	return saveKey(c.Out, key)
}

func (c receiptsCommand) save(r client.Receipt) error {
	name := fmt.Sprintf("%08d.receipt", r.Index)
	if err := os.WriteFile(filepath.Join(c.Out, name), []byte(r.Receipt), 0o644); err != nil {
		return fmt.Errorf("save receipt %d: %w", r.Index, err)
	}
	return nil
}

func (c receiptsCommand) list(t terminal, r client.Receipt) error {
	if c.JSON {
		return json.NewEncoder(t.Out).Encode(r)
	}
	parsed, err := receipt.Parse([]byte(r.Receipt))
	if err != nil {
		return fmt.Errorf("read receipt %d: %w", r.Index, err)
	}
	_, err = fmt.Fprintf(t.Out, "%d %s\n", r.Index, evidence.Describe(parsed.Leaf))
	return err
}
