package receipt

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// What can be wrong with a receipt. Every error of Parse and Verify is one of
// these, or says that a key given is none.
var (
	ErrForm      = errors.New("not in its only form")
	ErrSignature = errors.New("checkpoint is not signed by this key")
	ErrWitness   = errors.New("checkpoint is not signed by the witness")
	ErrProof     = errors.New("leaf is not in the log that the checkpoint signs")
)

// MaxSize is far above what a receipt can need, in bytes.
const MaxSize = 16 << 10

const heading = "gallra receipt v1\n"

// Receipt is a leaf, its place in the log, and the signed checkpoint of the log
// that holds it.
type Receipt struct {
	Leaf       Leaf
	Index      int64
	Proof      []tlog.Hash
	Checkpoint Checkpoint
}

// Format writes the one form of a receipt.
func Format(r Receipt) ([]byte, error) {
	leaf, err := r.Leaf.Text()
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	text.WriteString(heading)
	text.WriteString(leaf)
	fmt.Fprintf(&text, "index: %d\n", r.Index)
	for _, hash := range r.Proof {
		fmt.Fprintf(&text, "proof: %s\n", hash)
	}
	text.WriteString("\n")
	text.WriteString(r.Checkpoint.Note())
	return []byte(text.String()), nil
}

// Parse reads a receipt and refuses any byte that Format would not write again.
// It does not verify: a receipt that parses proves nothing yet.
func Parse(file []byte) (Receipt, error) {
	if len(file) > MaxSize {
		return Receipt{}, fmt.Errorf("%w: too long", ErrForm)
	}
	r, err := parse(string(file))
	if err != nil {
		return Receipt{}, err
	}
	again, err := Format(r)
	if err != nil {
		return Receipt{}, err
	}
	if string(again) != string(file) {
		return Receipt{}, fmt.Errorf("%w: some bytes are not as they would be written", ErrForm)
	}
	return r, nil
}

func parse(file string) (r Receipt, err error) {
	rest, ok := strings.CutPrefix(file, heading)
	if !ok {
		return r, fmt.Errorf("%w: no heading", ErrForm)
	}
	from := reader{rest: rest}
	if r.Leaf, err = from.leaf(); err != nil {
		return r, err
	}
	if r.Index, err = from.numberOf("index"); err != nil {
		return r, err
	}
	if r.Proof, err = from.proof(); err != nil {
		return r, err
	}
	if r.Checkpoint, err = from.checkpoint(); err != nil {
		return r, err
	}
	if from.rest != "" {
		return r, fmt.Errorf("%w: lines after the end", ErrForm)
	}
	return r, nil
}

// Verify checks a receipt's form, its checkpoint's signature against the
// ledger's public key, and that the leaf is in the log so signed. nil means:
// whoever holds the private key has stated this leaf, and cannot unsay it. Given
// the key of a witness it demands that this party has signed the same log.
func Verify(file []byte, publicKey string, witness ...string) error {
	r, err := Parse(file)
	if err != nil {
		return err
	}
	if err := r.Checkpoint.Verify(publicKey, witness...); err != nil {
		return err
	}
	leaf, err := r.Leaf.Hash()
	if err != nil {
		return err
	}
	if r.Index >= r.Checkpoint.Size {
		return fmt.Errorf("%w: index is beyond it", ErrProof)
	}
	if err := tlog.CheckRecord(r.Proof, r.Checkpoint.Size, r.Checkpoint.Root, r.Index, leaf); err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	return nil
}
