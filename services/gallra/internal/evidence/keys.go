package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gallra.se/services/ledger/receipt"
)

// PublicKeyFile is what is put beside saved receipts, and in a saved log.
const PublicKeyFile = "ledger.pub"

// Keys are the public keys that signatures must be made with.
type Keys struct {
	Log     string
	Witness []string // none, or the one that is demanded too
}

// ErrNoKey says that there is no public key to check with.
var ErrNoKey = errors.New("there is no " + PublicKeyFile + " beside it: give --key")

// KeysFor are the keys that were given, as text or as the files that hold them; the
// ledger's, where it was not given, is that in the directory beside, "" for none.
func KeysFor(log, witness, beside string) (keys Keys, err error) {
	if witness != "" {
		second, err := given(witness)
		if err != nil {
			return keys, err
		}
		keys.Witness = []string{second}
	}
	if log != "" {
		keys.Log, err = given(log)
		return keys, err
	}
	if beside == "" {
		return keys, ErrNoKey
	}
	text, err := os.ReadFile(filepath.Join(beside, PublicKeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return keys, ErrNoKey
	}
	keys.Log = strings.TrimSpace(string(text))
	return keys, err
}

func given(key string) (string, error) {
	text, err := os.ReadFile(key)
	if err == nil {
		key = string(text)
	}
	key = strings.TrimSpace(key)
	if !strings.Contains(key, "+") {
		return "", fmt.Errorf("%q is neither a public key (NAME+HASH+KEY) nor a file with one", key)
	}
	return key, nil
}

// Refuted says that an error is a verdict on the evidence, and not a failure to look
// at it.
func Refuted(err error) bool {
	for _, verdict := range []error{receipt.ErrForm, receipt.ErrSignature, receipt.ErrWitness, receipt.ErrProof, receipt.ErrRewritten} {
		if errors.Is(err, verdict) {
			return true
		}
	}
	return false
}
