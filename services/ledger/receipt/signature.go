package receipt

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"regexp"

	"golang.org/x/mod/sumdb/note"
)

// Signature is one line of a signed note: who signed, and the first four bytes of
// the hash of their key before the Ed25519 signature.
type Signature struct {
	Signer string
	Bytes  []byte
}

const (
	mark          = "— "
	hashSize      = 4
	signatureSize = hashSize + ed25519.SignatureSize
)

// nameForm is narrower than what a signed note allows: printable ASCII without a
// blank or a plus, so that every program reads the same name.
var nameForm = regexp.MustCompile(`^[!-*,-~]{1,128}$`)

// SignerName says whether a key under this name can sign checkpoints.
func SignerName(name string) bool { return nameForm.MatchString(name) }

func (s Signature) line() string {
	return mark + s.Signer + " " + base64.StdEncoding.EncodeToString(s.Bytes) + "\n"
}

func signature(body string, signer note.Signer) (Signature, error) {
	signed, err := signer.Sign([]byte(body))
	if err != nil {
		return Signature{}, fmt.Errorf("sign as %s: %w", signer.Name(), err)
	}
	return Signature{signer.Name(), append(binary.BigEndian.AppendUint32(nil, signer.KeyHash()), signed...)}, nil
}

// by says whether a key has made the signature over body.
func (s Signature) by(key note.Verifier, body string) bool {
	return len(s.Bytes) == signatureSize && s.Signer == key.Name() &&
		binary.BigEndian.Uint32(s.Bytes) == key.KeyHash() && key.Verify([]byte(body), s.Bytes[hashSize:])
}

func (s Signature) sameKey(other Signature) bool {
	return s.Signer == other.Signer && string(s.Bytes[:hashSize]) == string(other.Bytes[:hashSize])
}
