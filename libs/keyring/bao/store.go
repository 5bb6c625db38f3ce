package bao

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
)

// Config is what a Store is given.
type Config struct {
	Address   Address
	Service   string // whose root keys they are: part of their names
	TokenFile string
	CAFile    string // of the CA that signed the server's certificate; empty: the machine's own
}

// Store is a keyring.Keystore by a transit engine. Safe for concurrent use, also by
// several processes.
type Store struct {
	client *client
	names  string // what the names of all its keys begin with
	texts  texts
}

// Open makes no directory and asks the server nothing.
func Open(c Config) (*Store, error) {
	if c.TokenFile == "" {
		return nil, errors.New("a keystore at a key server needs the file of a token")
	}
	if !namePattern.MatchString(c.Service) || len(c.Service) > longestName {
		return nil, fmt.Errorf("%q is no name of a service", c.Service)
	}
	if len(c.Address.Wrapped) == 0 {
		return nil, fmt.Errorf("keystore address: wrapped is missing: %w", errAddress)
	}
	client, err := newClient(c.Address, c.TokenFile, c.CAFile)
	if err != nil {
		return nil, err
	}
	return &Store{client: client, names: c.Address.Prefix + "-" + c.Service + "-", texts: c.Address.Wrapped}, nil
}

func (s *Store) name(generation int64) string {
	return s.names + strconv.FormatInt(generation, 10)
}

func (s *Store) generationOf(name string) (int64, bool) {
	digits, ours := strings.CutPrefix(name, s.names)
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, ours && err == nil && n > 0 && strconv.FormatInt(n, 10) == digits
}

// Put makes a transit key for the generation, over what a crash has left of one, keeps
// the root key encrypted under it, and sees that it opens.
func (s *Store) Put(ctx context.Context, generation int64, key []byte) error {
	if generation < 1 {
		return fmt.Errorf("put root key %d: generations count from 1", generation)
	}
	if err := s.Destroy(ctx, generation); err != nil {
		return fmt.Errorf("put root key %d: %w", generation, err)
	}
	if err := s.put(ctx, generation, key); err != nil {
		return fmt.Errorf("put root key %d: %w", generation, err)
	}
	return nil
}

func (s *Store) put(ctx context.Context, generation int64, key []byte) error {
	name := s.name(generation)
	made := map[string]any{"type": "aes256-gcm96", "exportable": false, "allow_plaintext_backup": false}
	if err := s.client.do(ctx, "POST", "keys/"+name, made, nil); err != nil {
		return err
	}
	fault.Point("bao.made")
	var sealed struct {
		Ciphertext string `json:"ciphertext"`
	}
	err := s.client.do(ctx, "POST", "encrypt/"+name, map[string]string{"plaintext": base64.StdEncoding.EncodeToString(key)}, &sealed)
	if err != nil {
		return err
	}
	if err := s.texts.put(generation, sealed.Ciphertext); err != nil {
		return err
	}
	fault.Point("bao.wrapped")
	got, err := s.Get(ctx, generation)
	if err != nil {
		return err
	}
	defer clear(got)
	if !bytes.Equal(got, key) {
		return errors.New("the key server opens something else than it was given")
	}
	return nil
}

// Get has the server decrypt the root key. A text that does not open is passed over for
// its copy in the next directory.
func (s *Store) Get(ctx context.Context, generation int64) ([]byte, error) {
	copies, err := s.texts.get(generation)
	if err != nil {
		return nil, fmt.Errorf("get root key %d: %w", generation, err)
	}
	var last error
	for _, text := range copies {
		key, err := s.decrypt(ctx, generation, text)
		if err == nil || errors.Is(err, keyring.ErrNoKey) || errors.Is(err, ErrAway) {
			return wrap(key, generation, err)
		}
		last = err
	}
	if last == nil {
		last = keyring.ErrNoKey
	}
	return wrap(nil, generation, last)
}

func wrap(key []byte, generation int64, err error) ([]byte, error) {
	if err != nil {
		return nil, fmt.Errorf("get root key %d: %w", generation, err)
	}
	return key, nil
}

func (s *Store) decrypt(ctx context.Context, generation int64, text string) ([]byte, error) {
	name := s.name(generation)
	var opened struct {
		Plaintext string `json:"plaintext"`
	}
	err := s.client.do(ctx, "POST", "decrypt/"+name, map[string]string{"ciphertext": text}, &opened)
	if err != nil && !errors.Is(err, ErrAway) {
		// The server says 400 to a key that there is not and to a text that does not open.
		if held, look := s.holds(ctx, name); look == nil && !held {
			return nil, keyring.ErrNoKey
		}
	}
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(opened.Plaintext)
	if err != nil {
		return nil, errors.New("the key server opens it to what is no key")
	}
	return key, nil
}

// holds says whether the server has a key of that name.
func (s *Store) holds(ctx context.Context, name string) (bool, error) {
	err := s.client.do(ctx, "GET", "keys/"+name, nil, nil)
	if errors.Is(err, errNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Destroy has the server delete the transit key, sees that it is gone, and removes the
// text that it alone could open.
func (s *Store) Destroy(ctx context.Context, generation int64) error {
	if err := s.destroy(ctx, s.name(generation)); err != nil {
		return fmt.Errorf("destroy root key %d: %w", generation, err)
	}
	fault.Point("bao.deleted")
	if err := s.texts.remove(generation); err != nil {
		return fmt.Errorf("destroy root key %d: %w", generation, err)
	}
	return nil
}

func (s *Store) destroy(ctx context.Context, name string) error {
	held, err := s.holds(ctx, name)
	if err != nil || !held {
		return err
	}
	err = s.client.do(ctx, "POST", "keys/"+name+"/config", map[string]bool{"deletion_allowed": true}, nil)
	if err == nil {
		fault.Point("bao.unlocked")
		err = s.client.do(ctx, "DELETE", "keys/"+name, nil, nil)
	}
	// Another process may have been faster; whoever was, it must be gone now.
	held, look := s.holds(ctx, name)
	switch {
	case look != nil:
		return errors.Join(err, look)
	case held && err != nil:
		return err
	case held:
		return fmt.Errorf("the key server still has %s after deleting it", name)
	}
	return nil
}

// Generations lists the keys of the server under the service's names, and those of which
// a text alone is left.
func (s *Store) Generations(ctx context.Context) ([]int64, error) {
	all, err := s.texts.generations()
	if err != nil {
		return nil, fmt.Errorf("list root keys: %w", err)
	}
	var listed struct {
		Keys []string `json:"keys"`
	}
	if err := s.client.do(ctx, "GET", "keys?list=true", nil, &listed); err != nil && !errors.Is(err, errNotFound) {
		return nil, fmt.Errorf("list root keys: %w", err)
	}
	for _, name := range listed.Keys {
		if n, ours := s.generationOf(name); ours {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Provider is "openbao".
func (s *Store) Provider() string { return "openbao" }

// MadeAt is when the server made the transit key of a generation, by its clock.
func (s *Store) MadeAt(ctx context.Context, generation int64) (time.Time, error) {
	var key struct {
		Keys map[string]int64 `json:"keys"`
	}
	err := s.client.do(ctx, "GET", "keys/"+s.name(generation), nil, &key)
	if errors.Is(err, errNotFound) {
		err = keyring.ErrNoKey
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("look at root key %d: %w", generation, err)
	}
	at, known := key.Keys["1"]
	if !known {
		return time.Time{}, fmt.Errorf("look at root key %d: the key server does not say when it was made", generation)
	}
	return time.Unix(at, 0).UTC(), nil
}
