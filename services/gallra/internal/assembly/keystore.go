package assembly

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gallra.se/libs/keyring"
	"gallra.se/libs/keyring/bao"
	"gallra.se/libs/pg"
	"gallra.se/services/gallra/internal/volume"
)

// Keystore is where the root keys of a keyring are, and where its key database is copied
// to.
type Keystore struct {
	At      string // a directory, or the address of a key server: bao.ParseAddress
	Token   string // file of the key server's token
	CA      string // file of the CA of the key server's certificate; empty: the machine's own
	CopyDir string // directory on a second medium; empty: no copy
}

// open opens the keystore of a service, and asks a key server nothing.
func (k Keystore) open(service string) (keyring.Keystore, error) {
	if !bao.Is(k.At) {
		return keyring.FileStore(k.At)
	}
	address, err := bao.ParseAddress(k.At)
	if err != nil {
		return nil, err
	}
	return bao.Open(bao.Config{Address: address, Service: service, TokenFile: k.Token, CAFile: k.CA})
}

// Held counts the root keys that there are: that the keystore can be reached and opened.
func (k Keystore) Held(ctx context.Context, service string) (int, error) {
	store, err := k.open(service)
	if err != nil {
		return 0, err
	}
	held, err := store.Generations(ctx)
	return len(held), err
}

// options are what a keyring is opened with.
func (k Keystore) options() []keyring.Option {
	if k.CopyDir == "" {
		return nil
	}
	return []keyring.Option{keyring.CopyTo(k.CopyDir)}
}

// dir is a directory of the keystore's, for what is noted beside the keys.
func (k Keystore) dir() (string, error) {
	if !bao.Is(k.At) {
		return k.At, nil
	}
	address, err := bao.ParseAddress(k.At)
	if err != nil {
		return "", err
	}
	if len(address.Wrapped) == 0 {
		return "", errors.New("the keystore's address names no directory of encrypted root keys: add wrapped=DIR")
	}
	return address.Wrapped[0], nil
}

// empty destroys every root key and removes the copy of the key database.
func (k Keystore) empty(ctx context.Context, service string) error {
	store, err := k.open(service)
	if err != nil {
		return err
	}
	held, err := store.Generations(ctx)
	if err != nil {
		return err
	}
	for _, generation := range held {
		if err := store.Destroy(ctx, generation); err != nil {
			return err
		}
	}
	return k.dropCopy()
}

// dropCopy leaves the directory itself, which may be a mount.
func (k Keystore) dropCopy() error {
	if k.CopyDir == "" {
		return nil
	}
	entries, err := os.ReadDir(k.CopyDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at the copy of the key database: %w", err)
	}
	for _, entry := range entries {
		if err := os.RemoveAll(filepath.Join(k.CopyDir, entry.Name())); err != nil {
			return fmt.Errorf("remove the copy of the key database: %w", err)
		}
	}
	return nil
}

// keysMayCome says of a failure to open a keyring that it may pass.
func keysMayCome(err error) bool { return pg.Unreachable(err) || errors.Is(err, bao.ErrAway) }

// Of is a service's part of a keystore that several share: a folder of its own in each
// directory. otherwise is where its root keys are when nothing is said.
func (k Keystore) Of(service, otherwise string) (Keystore, error) {
	if k.CopyDir != "" {
		k.CopyDir = filepath.Join(k.CopyDir, service)
	}
	switch {
	case k.At == "":
		k.At = otherwise
	case !bao.Is(k.At):
		k.At = filepath.Join(k.At, service)
	default:
		address, err := bao.ParseAddress(k.At)
		if err != nil {
			return k, err
		}
		if len(address.Wrapped) == 0 {
			address.Wrapped = []string{otherwise}
		} else {
			for i, dir := range address.Wrapped {
				address.Wrapped[i] = filepath.Join(dir, service)
			}
		}
		k.At = address.Text()
	}
	return k, nil
}

// Complete says what a key server's address lacks.
func (k Keystore) Complete() error {
	if !bao.Is(k.At) {
		return nil
	}
	_, err := k.open("any")
	return err
}

// Allowed says why a keystore has no place in production. data is the directory of the
// databases; empty where this process does not see it.
func (k Keystore) Allowed(data string) error {
	if k.CopyDir == "" {
		return errors.New("production keeps a copy of each key database on a second medium: give --key-copy DIR (GALLRA_KEY_COPY)")
	}
	if strings.HasPrefix(k.At, "http://") {
		return errors.New("production speaks to a key server by https:// only: root keys would go over the network in the clear")
	}
	if data == "" || bao.Is(k.At) {
		return nil
	}
	same, err := volume.Same(k.At, data)
	if err != nil {
		return err
	}
	if same {
		return errors.New("production keeps root keys apart from the data: give --keystore a directory on another volume than the data's, or the address of a key server")
	}
	return nil
}
