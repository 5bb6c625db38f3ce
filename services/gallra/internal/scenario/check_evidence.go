package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
			if err := r.bears(ctx, ref, leaf, word); err != nil {
				return err
			}
		}
		return nil
	})
}

// bears wants a word on a receipt: the version of a policy that a step made, the original one, or the rule.
func (r *run) bears(ctx context.Context, ref string, leaf receipt.Leaf, word string) error {
	version, made := r.versions[word]
	if word == original {
		t, err := r.named(ref)
		if err != nil {
			return err
		}
		if version, err = r.originalVersion(ctx, t.Authority); err != nil {
			return err
		}
		made = true
	}
	switch {
	case made && !slices.Contains(strings.Fields(leaf.Policy), version):
		return fmt.Errorf("expected the policy version %s on the receipt, found %s", version, leaf.Policy)
	case !made && word != leaf.Rule:
		return fmt.Errorf("expected %s on the receipt, found rule %s", word, leaf.Rule)
	}
	return nil
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

// receiptOf is the one receipt of a record, or of a person's part of one. A record about several persons has a receipt
// for each part, which nothing outside tells apart: each is taken for one part only.
func (r *run) receiptOf(ctx context.Context, ref string) (receipt.Leaf, error) {
	t, err := r.named(ref)
	if err != nil {
		return receipt.Leaf{}, err
	}
	leaves, err := r.disposals(ctx, t.Record)
	if err != nil {
		return receipt.Leaf{}, err
	}
	if _, _, part := strings.Cut(ref, "/"); part {
		return r.partsReceipt(ref, leaves)
	}
	want := max(t.Persons, 1)
	if t.CaseNumber != "" {
		want = 1 // the file of a case is one record, whoever takes part
	}
	if len(leaves) != want {
		return receipt.Leaf{}, fmt.Errorf("expected %s, found %d", counted(want), len(leaves))
	}
	return leaves[0], nil
}

func counted(receipts int) string {
	if receipts == 1 {
		return "one receipt"
	}
	return fmt.Sprintf("%d receipts", receipts)
}

func (r *run) partsReceipt(ref string, leaves []receipt.Leaf) (receipt.Leaf, error) {
	for _, leaf := range leaves {
		if r.parts[string(leaf.Commitment)] == ref {
			return leaf, nil
		}
	}
	for _, leaf := range leaves {
		if r.parts[string(leaf.Commitment)] == "" {
			r.parts[string(leaf.Commitment)] = ref
			return leaf, nil
		}
	}
	return receipt.Leaf{}, errors.New("expected a receipt of its own, found none")
}

// disposals are the receipts of a record's destruction; each verifies.
func (r *run) disposals(ctx context.Context, record string) ([]receipt.Leaf, error) {
	key, err := r.bench.Operator().LedgerKey(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for the ledger's key: %w", err)
	}
	var leaves []receipt.Leaf
	err = r.bench.Operator().Receipts(ctx, -1, 0, record, func(found client.Receipt) error {
		if err := receipt.Verify([]byte(found.Receipt), key); err != nil {
			return fmt.Errorf("verify receipt %d: %w", found.Index, err)
		}
		parsed, err := receipt.Parse([]byte(found.Receipt))
		if err == nil && parsed.Leaf.Kind == receipt.Disposed {
			leaves = append(leaves, parsed.Leaf)
		}
		return err
	})
	return leaves, err
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
