package receipt

import (
	"encoding/base64"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Origin names the log in its checkpoints, and the key that signs them.
const Origin = "gallra.se/ledger"

// Checkpoint is the signed statement "my log has Size leaves and this Root".
// Signature is the 4-byte key hash and the Ed25519 signature of one signer.
type Checkpoint struct {
	Origin    string
	Size      int64
	Root      tlog.Hash
	Signer    string
	Signature []byte
}

// Body is what is signed.
func (c Checkpoint) Body() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

// Note is the checkpoint with its signature, as one signed note.
func (c Checkpoint) Note() string {
	return c.Body() + "\n— " + c.Signer + " " + base64.StdEncoding.EncodeToString(c.Signature) + "\n"
}

// Sign makes the checkpoint of a tree.
func Sign(size int64, root tlog.Hash, signer note.Signer) (Checkpoint, error) {
	unsigned := Checkpoint{Origin: Origin, Size: size, Root: root}
	signed, err := note.Sign(&note.Note{Text: unsigned.Body()}, signer)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign checkpoint: %w", err)
	}
	return ParseCheckpoint(string(signed))
}

// ParseCheckpoint reads a signed note with exactly one signature. It does not
// verify the signature.
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
// form of golang.org/x/mod/sumdb/note (`name+hash+key`).
func (c Checkpoint) Verify(publicKey string) error {
	verifier, err := note.NewVerifier(publicKey)
	if err != nil {
		return fmt.Errorf("read public key: %w", err)
	}
	if c.Origin != verifier.Name() {
		return fmt.Errorf("%w: checkpoint of another log", ErrSignature)
	}
	if _, err := note.Open([]byte(c.Note()), note.VerifierList(verifier)); err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return nil
}
