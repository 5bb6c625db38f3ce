package evidence

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/ledger/receipt"
	"gallra.se/services/ledger/tiles"
)

// Whole is the verdict on a whole log.
type Whole struct {
	tiles.Verdict
	Receipts int64 `json:"receipts"` // that the system handed out, each verified; 0 for a saved log
}

// errBad ends the reading of receipts at the first that is not good.
var errBad = errors.New("a receipt is not good")

// Receipts adds to a verdict that the running system hands out a good receipt for
// each leaf.
func Receipts(ctx context.Context, api *client.Client, keys Keys, v tiles.Verdict) (Whole, error) {
	whole := Whole{Verdict: v}
	if !v.OK {
		return whole, nil
	}
	err := api.Receipts(ctx, -1, 0, "", func(r client.Receipt) error {
		if whole.Fault = fault(r, whole.Receipts, keys); whole.Fault != "" {
			return errBad
		}
		whole.Receipts++
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errBad):
		return Whole{}, fmt.Errorf("read receipts: %w", err)
	case err == nil && whole.Receipts < v.Leaves:
		whole.Fault = fmt.Sprintf("of %d leaves only %d have a receipt", v.Leaves, whole.Receipts)
	}
	whole.OK = whole.Fault == ""
	return whole, nil
}

func fault(r client.Receipt, want int64, keys Keys) string {
	if r.Index != want {
		return fmt.Sprintf("there is no receipt of leaf %d", want)
	}
	if err := receipt.Verify([]byte(r.Receipt), keys.Log, keys.Witness...); err != nil {
		return fmt.Sprintf("the receipt of leaf %d: %s", want, err)
	}
	if parsed, err := receipt.Parse([]byte(r.Receipt)); err != nil || parsed.Index != want {
		return fmt.Sprintf("the receipt of leaf %d is that of another", want)
	}
	return ""
}
