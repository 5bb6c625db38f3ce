package embedded

import (
	"errors"
	"fmt"
	"os"

	"github.com/nats-io/nkeys"
)

// publicKeys returns the public key of every user, making the seeds that are missing.
func (l Layout) publicKeys(users []User) (map[string]string, error) {
	keys := make(map[string]string, len(users))
	for _, user := range users {
		key, err := l.publicKey(user.Name)
		if err != nil {
			return nil, fmt.Errorf("key of NATS user %s: %w", user.Name, err)
		}
		keys[user.Name] = key
	}
	return keys, nil
}

func (l Layout) publicKey(user string) (string, error) {
	seed, err := os.ReadFile(l.Seed(user))
	if errors.Is(err, os.ErrNotExist) {
		seed, err = makeSeed(l.Seed(user))
	}
	if err != nil {
		return "", err
	}
	pair, err := nkeys.FromSeed(seed)
	if err != nil {
		return "", fmt.Errorf("read seed: %w", err)
	}
	defer pair.Wipe()
	return pair.PublicKey()
}

func makeSeed(path string) ([]byte, error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return nil, fmt.Errorf("make seed: %w", err)
	}
	seed, err := pair.Seed() // shares memory with the pair, which must therefore not be wiped here
	if err != nil {
		return nil, fmt.Errorf("make seed: %w", err)
	}
	return seed, os.WriteFile(path, seed, 0o600)
}
