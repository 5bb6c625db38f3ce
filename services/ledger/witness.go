package ledger

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/note"

	"gallra.se/services/ledger/internal/key"
	"gallra.se/services/ledger/receipt"
)

var (
	errOwnWitness = errors.New("the witness's key bears the name of the log: a witness is another party, and makes its key under its own name")
	errNoWitness  = errors.New("the file of the witness's key is not there: restore it, or start without a witness")
)

// MakeWitnessKey makes the key of a witness in a new file (0600), under the name
// of the party that witnesses: a host name or the like, printable ASCII without
// blank or plus. It returns the public key, which is for everybody who verifies.
func MakeWitnessKey(file, name string) (publicKey string, err error) {
	if name == receipt.Origin {
		return "", errOwnWitness
	}
	if !receipt.SignerName(name) {
		return "", errors.New("name of the witness: printable ASCII without blank or plus, at most 128 letters")
	}
	k, err := key.Make(file, name)
	if errors.Is(err, fs.ErrExist) {
		return "", errors.New("there is a file already: a key that has signed is kept")
	}
	return k.Public, err
}

// openWitness is the witness's signer, nil where there is none.
func (s *Service) openWitness() (note.Signer, error) {
	if s.deps.Config.WitnessKeyFile == "" {
		return nil, nil
	}
	k, err := key.Load(s.deps.Config.WitnessKeyFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errNoWitness
	case err != nil:
		return nil, fmt.Errorf("open witness: %w", err)
	case k.Name() == receipt.Origin:
		return nil, errOwnWitness
	}
	return k, nil
}
