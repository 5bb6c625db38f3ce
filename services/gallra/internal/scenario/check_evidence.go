package scenario

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/ledger/receipt"
)

// receipts wants exactly one disposal receipt for each record, which verifies with the
// ledger's public key alone and names the words.
func (r *run) receipts(ctx context.Context, _ Step, value any) error {
	return each(value.(map[string][]string), func(ref string, words []string) error {
		leaf, err := r.receiptOf(ctx, ref)
		if err != nil {
			return err
		}
		for _, word := range words {
			if word != leaf.Rule {
				return fmt.Errorf("expected %s on the receipt, found rule %s", word, leaf.Rule)
			}
		}
		return nil
	})
}

// keyDestroyed takes a verified receipt as the evidence: it bears the instant from which
// no copy can be opened.
func (r *run) keyDestroyed(ctx context.Context, ref string) error {
	leaf, err := r.receiptOf(ctx, ref)
	if err != nil {
		return err
	}
	if leaf.UnrecoverableAt.IsZero() || leaf.UnrecoverableAt.Before(leaf.RemovedAt) {
		return errors.New("the receipt does not say when the key was destroyed")
	}
	return nil
}

func (r *run) receiptOf(ctx context.Context, ref string) (receipt.Leaf, error) {
	t, err := r.named(ref)
	if err != nil {
		return receipt.Leaf{}, err
	}
	key, err := r.bench.Operator().LedgerKey(ctx)
	if err != nil {
		return receipt.Leaf{}, fmt.Errorf("ask for the ledger's key: %w", err)
	}
	var leaves []receipt.Leaf
	err = r.bench.Operator().Receipts(ctx, -1, 0, t.Record, func(found client.Receipt) error {
		if err := receipt.Verify([]byte(found.Receipt), key); err != nil {
			return fmt.Errorf("verify receipt %d: %w", found.Index, err)
		}
		parsed, err := receipt.Parse([]byte(found.Receipt))
		if err == nil && parsed.Leaf.Kind == receipt.Disposed {
			leaves = append(leaves, parsed.Leaf)
		}
		return err
	})
	if err != nil {
		return receipt.Leaf{}, err
	}
	if len(leaves) != 1 {
		return receipt.Leaf{}, fmt.Errorf("expected one receipt, found %d", len(leaves))
	}
	return leaves[0], nil
}

// statistics compares the state of the row that the runner saw appear at closure.
func (r *run) statistics(ctx context.Context, _ Step, value any) error {
	rows, err := r.statisticsRows(ctx)
	if err != nil {
		return err
	}
	return each(value.(map[string]string), func(ref, want string) error {
		found := "absent"
		if id, ok := r.rows[ref]; ok && rows[id] != "" {
			found = rows[id]
		}
		if found == want || want == "present" && found != "absent" {
			return nil
		}
		return fmt.Errorf("expected %s, found %s", want, found)
	})
}

// alarms wants exactly these names open at the step's authority.
func (r *run) alarms(ctx context.Context, step Step, value any) error {
	caller, err := r.reader(step.Authority)
	if err != nil {
		return err
	}
	var said struct {
		Alarms []struct{ Name string }
	}
	if err := caller.Get(ctx, step.Authority, "/v1/alarms", &said); err != nil {
		return err
	}
	var open []string
	for _, alarm := range said.Alarms {
		open = append(open, alarm.Name)
	}
	if !sameSet(value.([]string), open) {
		return fmt.Errorf("expected %v, found [%s]", value, strings.Join(open, " "))
	}
	return nil
}
