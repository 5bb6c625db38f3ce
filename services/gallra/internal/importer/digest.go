package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/ledger/receipt"
)

// DisposedOn is the digest of everything that the receipts say was destroyed: SHA-256 of
// the lines `category|date|rule`, sorted bytewise and joined by newlines.
type DisposedOn struct{ lines []string }

// Add takes a receipt that has been verified.
func (d *DisposedOn) Add(r receipt.Receipt) {
	if r.Leaf.Kind == receipt.Disposed {
		d.lines = append(d.lines, strings.Join([]string{r.Leaf.Category, r.Leaf.DueOn, r.Leaf.Rule}, "|"))
	}
}

// Lines are the lines so far, sorted.
func (d *DisposedOn) Lines() []string {
	slices.Sort(d.lines)
	return d.lines
}

// Digest is their SHA-256 in hexadecimal.
func (d *DisposedOn) Digest() string {
	sum := sha256.Sum256([]byte(strings.Join(d.Lines(), "\n")))
	return hex.EncodeToString(sum[:])
}

// Disposals downloads every receipt and verifies each against the ledger's key.
func Disposals(ctx context.Context, c *client.Client) (*DisposedOn, error) {
	key, err := c.LedgerKey(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for the ledger's key: %w", err)
	}
	all := &DisposedOn{}
	err = c.Receipts(ctx, -1, 0, "", func(r client.Receipt) error {
		if err := receipt.Verify([]byte(r.Receipt), key); err != nil {
			return fmt.Errorf("verify receipt %d: %w", r.Index, err)
		}
		parsed, err := receipt.Parse([]byte(r.Receipt))
		if err != nil {
			return fmt.Errorf("read receipt %d: %w", r.Index, err)
		}
		all.Add(parsed)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("download receipts: %w", err)
	}
	return all, nil
}
