package cli

import (
	"errors"
	"fmt"
	"os"

	"gallra.se/services/ledger/receipt"
)

type verifyCommand struct {
	Files []string `arg:"" type:"existingfile" help:"Receipts."`
	Key   string   `help:"The ledger's public key, as text or the file that holds it; by default the file ledger.pub beside the receipt." placeholder:"KEY"`
}

func (verifyCommand) Help() string {
	return `Needs no system and no network: the receipt and the ledger's public key are enough.

  gallra verify receipts/*.receipt
  gallra verify 2f0c1c9e.receipt --key gallra.se/ledger+0a1b2c3d+AVx…`
}

func (c verifyCommand) Run(t terminal) error {
	failed := 0
	for _, path := range c.Files {
		verdict, err := c.verify(path)
		if err != nil {
			failed++
			verdict = "FAILED: " + err.Error()
		}
		if _, err := fmt.Fprintf(t.Out, "%s: %s\n", path, verdict); err != nil {
			return err
		}
	}
	switch {
	case failed == 1 && len(c.Files) == 1:
		return errors.New("the receipt does not verify")
	case failed > 0:
		return fmt.Errorf("%d of %d receipts do not verify", failed, len(c.Files))
	}
	return nil
}

func (c verifyCommand) verify(path string) (string, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	key, err := c.key(path)
	if err != nil {
		return "", err
	}
	if err := receipt.Verify(file, key); err != nil {
		return "", err
	}
	r, err := receipt.Parse(file)
	if err != nil {
		return "", err
	}
	return "verified: " + describe(r.Leaf), nil
}

func describe(l receipt.Leaf) string {
	if l.Kind == receipt.Delivered {
		return fmt.Sprintf("disclosure %s to %s under %s", l.Record, l.Recipient, l.Rule)
	}
	return fmt.Sprintf("%s %s was destroyed under %s, gone from %s", l.Category, l.Record, l.Rule, l.DueOn)
}
