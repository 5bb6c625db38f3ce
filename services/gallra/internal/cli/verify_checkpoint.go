package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/evidence"
	"gallra.se/services/ledger/receipt"
)

// continuity checks that a younger log continues an older one.
func (c verifyCommand) continuity(ctx context.Context, t terminal) error {
	found, err := c.continues(ctx)
	if c.JSON {
		said := map[string]any{"ok": err == nil, "from": found.From, "to": found.To}
		if err != nil {
			said["fault"] = err.Error()
		}
		if err := printJSON(t.Out, said); err != nil {
			return err
		}
	}
	if err != nil {
		return judged(err)
	}
	if !c.JSON {
		_, err = fmt.Fprintf(t.Out, "verified: the log of %d leaves begins with the log of %d\n", found.To, found.From)
	}
	return err
}

func (c verifyCommand) continues(ctx context.Context) (found evidence.Continuity, err error) {
	if len(c.Files) > 1 {
		return found, fmt.Errorf("one checkpoint is older and one younger: %d are younger", len(c.Files))
	}
	var api *client.Client
	keys, err := evidence.KeysFor(c.Key, c.Witness, filepath.Dir(c.Checkpoint))
	if c.Proof == "" || len(c.Files) == 0 {
		if api, err = c.client(); err != nil {
			return found, err
		}
		keys, err = c.keysOnline(ctx, api, filepath.Dir(c.Checkpoint))
	}
	if err != nil {
		return found, err
	}
	older, err := evidence.Checkpoint(c.Checkpoint, keys)
	if err != nil {
		return found, fmt.Errorf("the older checkpoint: %w", err)
	}
	younger, err := c.younger(ctx, api, keys)
	if err != nil {
		return found, fmt.Errorf("the younger checkpoint: %w", err)
	}
	proof, err := c.proof(ctx, api, older, younger)
	if err != nil {
		return found, err
	}
	return evidence.Continues(older, younger, proof)
}

func (c verifyCommand) younger(ctx context.Context, api *client.Client, keys evidence.Keys) (receipt.Checkpoint, error) {
	if len(c.Files) == 1 {
		return evidence.Checkpoint(c.Files[0], keys)
	}
	return evidence.NewestCheckpoint(ctx, api, keys)
}

func (c verifyCommand) proof(ctx context.Context, api *client.Client, older, younger receipt.Checkpoint) (receipt.Consistency, error) {
	if c.Proof != "" {
		return evidence.ProofFrom(c.Proof)
	}
	return evidence.AskProof(ctx, api, older, younger)
}
