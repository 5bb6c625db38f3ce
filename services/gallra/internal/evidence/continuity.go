package evidence

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/ledger/receipt"
)

// Continuity is the verdict that a younger log begins with an older one.
type Continuity struct {
	From int64 `json:"from"` // leaves
	To   int64 `json:"to"`
}

// Checkpoint reads a signed checkpoint from a file of its own or out of a receipt,
// and checks its signatures.
func Checkpoint(path string, keys Keys) (receipt.Checkpoint, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return receipt.Checkpoint{}, err
	}
	c, err := receipt.ParseCheckpoint(string(file))
	if r, whole := receipt.Parse(file); whole == nil {
		c, err = r.Checkpoint, receipt.Verify(file, keys.Log, keys.Witness...)
	}
	if err != nil {
		return c, err
	}
	return c, c.Verify(keys.Log, keys.Witness...)
}

// NewestCheckpoint asks a running system for its newest one.
func NewestCheckpoint(ctx context.Context, api *client.Client, keys Keys) (receipt.Checkpoint, error) {
	text, err := ask(ctx, api, "/v1/ledger/checkpoint")
	if err != nil {
		return receipt.Checkpoint{}, fmt.Errorf("ask for the newest checkpoint: %w", err)
	}
	c, err := receipt.ParseCheckpoint(string(text))
	if err != nil {
		return c, err
	}
	return c, c.Verify(keys.Log, keys.Witness...)
}

// ProofFrom reads a proof of consistency from a file.
func ProofFrom(path string) (receipt.Consistency, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return receipt.Consistency{}, err
	}
	return receipt.ParseConsistency(file)
}

// AskProof asks a running system for the proof between two sizes. A log that has no
// such size any more has lost what it signed.
func AskProof(ctx context.Context, api *client.Client, older, younger receipt.Checkpoint) (receipt.Consistency, error) {
	if older.Size > younger.Size || older.Size < 1 {
		return receipt.Consistency{From: older.Size, To: younger.Size}, nil // which proves nothing, and is refused as such
	}
	text, err := ask(ctx, api, fmt.Sprintf("/v1/ledger/consistency?from=%d&to=%d", older.Size, younger.Size))
	var refusal *client.Refusal
	if errors.As(err, &refusal) && refusal.Status == http.StatusNotFound {
		return receipt.Consistency{}, fmt.Errorf("%w: the system has no log of %d leaves", receipt.ErrRewritten, younger.Size)
	}
	if err != nil {
		return receipt.Consistency{}, fmt.Errorf("ask for a proof of consistency: %w", err)
	}
	return receipt.ParseConsistency(text)
}

// Continues checks that the younger log begins with the older one.
func Continues(older, younger receipt.Checkpoint, proof receipt.Consistency) (Continuity, error) {
	return Continuity{older.Size, younger.Size}, receipt.VerifyConsistency(older, younger, proof)
}

func ask(ctx context.Context, api *client.Client, path string) ([]byte, error) {
	answer, err := api.Do(ctx, client.Call{Method: http.MethodGet, Path: path})
	if err != nil {
		return nil, err
	}
	if !answer.OK() {
		return nil, answer.Refusal()
	}
	return answer.Body, nil
}
