package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// publicKeyFile is what `gallra receipts --out` puts beside the receipts.
const publicKeyFile = "ledger.pub"

// key is the given key, the content of the given file, or ledger.pub beside the receipt.
func (c verifyCommand) key(receiptPath string) (string, error) {
	path := filepath.Join(filepath.Dir(receiptPath), publicKeyFile)
	if c.Key != "" {
		path = c.Key
	}
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		return strings.TrimSpace(string(text)), nil
	case c.Key != "":
		return c.Key, nil
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("there is no %s beside the receipt: give --key", publicKeyFile)
	}
	return "", err
}
