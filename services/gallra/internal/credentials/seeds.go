package credentials

import (
	"fmt"
	"io/fs"

	"github.com/nats-io/nkeys"
)

// publicKeys returns the public key of every user, making the seeds that are missing.
func (f Folder) publicKeys(users []User) (keys map[string]string, made []string, err error) {
	keys = make(map[string]string, len(users))
	for _, user := range users {
		mode := f.forContainers()
		if user.Outside {
			mode = ownerOnly
		}
		key, fresh, err := publicKey(f.Seed(user.Name), mode)
		if err != nil {
			return nil, nil, fmt.Errorf("key of NATS user %s: %w", user.Name, err)
		}
		if fresh {
			made = append(made, f.name(f.Seed(user.Name)))
		}
		keys[user.Name] = key
	}
	return keys, made, nil
}

func publicKey(path string, mode fs.FileMode) (key string, made bool, err error) {
	seed, made, err := keep(path, mode, makeSeed)
	if err != nil {
		return "", false, err
	}
	pair, err := nkeys.FromSeed(seed)
	if err != nil {
		return "", false, damaged(path, "NATS seed")
	}
	defer pair.Wipe()
	if key, err = pair.PublicKey(); err != nil || !nkeys.IsValidPublicUserKey(key) {
		return "", false, damaged(path, "NATS user's seed")
	}
	return key, made, nil
}

func makeSeed() ([]byte, error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return nil, fmt.Errorf("make seed: %w", err)
	}
	seed, err := pair.Seed() // shares memory with the pair, which must therefore not be wiped here
	if err != nil {
		return nil, fmt.Errorf("make seed: %w", err)
	}
	return seed, nil
}
