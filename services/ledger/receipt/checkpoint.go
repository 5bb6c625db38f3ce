package receipt

import (
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Origin names the log in its checkpoints, and the key that signs them.
const Origin = "gallra.se/ledger"

// Checkpoint is the signed statement "my log has Size leaves and this Root". A
// witness, where there is one, has put its own signature below the log's.
type Checkpoint struct {
	Origin    string
	Size      int64
	Root      tlog.Hash
	Signature Signature
	Witness   Signature // the zero Signature where nobody has witnessed
}

// Body is what is signed.
func (c Checkpoint) Body() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

// Note is the checkpoint with its signatures, as one signed note.
func (c Checkpoint) Note() string {
	text := c.Body() + "\n" + c.Signature.line()
	if c.Witnessed() {
		text += c.Witness.line()
	}
	return text
}

// Witnessed says that there is a second signature, not that it is good.
func (c Checkpoint) Witnessed() bool { return c.Witness.Signer != "" }

// Sign makes the checkpoint of a tree. A witness signs the same, below.
func Sign(size int64, root tlog.Hash, log note.Signer, witness ...note.Signer) (Checkpoint, error) {
	c := Checkpoint{Origin: Origin, Size: size, Root: root}
	if len(witness) > 1 {
		return Checkpoint{}, errors.New("sign checkpoint: more than one witness")
	}
	var err error
	if c.Signature, err = signature(c.Body(), log); err != nil {
		return Checkpoint{}, fmt.Errorf("sign checkpoint: %w", err)
	}
	for _, w := range witness {
		if c.Witness, err = signature(c.Body(), w); err != nil {
			return Checkpoint{}, fmt.Errorf("witness checkpoint: %w", err)
		}
	}
	return ParseCheckpoint(c.Note())
}

// ParseCheckpoint reads a signed note with the log's signature and at most one
// more. It does not verify them.
func ParseCheckpoint(text string) (Checkpoint, error) {
	r := reader{rest: text}
	c, err := r.checkpoint()
	if err != nil {
		return Checkpoint{}, err
	}
	if r.rest != "" || c.Note() != text {
		return Checkpoint{}, fmt.Errorf("%w: checkpoint not in its canonical form", ErrForm)
	}
	return c, nil
}

// Verify checks origin and signature against the ledger's public key, in the
// form of golang.org/x/mod/sumdb/note (`name+hash+key`). Given the key of a
// witness too it demands that signature as well; without, a second signature is
// neither believed nor looked at.
func (c Checkpoint) Verify(publicKey string, witness ...string) error {
	log, err := note.NewVerifier(publicKey)
	if err != nil {
		return fmt.Errorf("read public key: %w", err)
	}
	if c.Origin != log.Name() {
		return fmt.Errorf("%w: checkpoint of another log", ErrSignature)
	}
	if !c.Signature.by(log, c.Body()) {
		return ErrSignature
	}
	for _, key := range witness {
		second, err := note.NewVerifier(key)
		if err != nil {
			return fmt.Errorf("read key of the witness: %w", err)
		}
		if !c.Witness.by(second, c.Body()) {
			return ErrWitness
		}
	}
	return nil
}
