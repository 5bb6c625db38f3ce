package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Found is what a running system leaves for the CLI of the same user: places, and nothing
// that is secret itself.
type Found struct {
	URL      string    `json:"url"`
	DataDir  string    `json:"dataDir,omitempty"` // of `gallra up`
	TokenKey string    `json:"tokenKey"`          // file of the key that signs bearer tokens
	CA       string    `json:"ca,omitempty"`      // file of the CA behind an https:// address
	Secrets  string    `json:"secrets,omitempty"` // folder of a deployment in containers
	Nats     FoundNats `json:"nats"`
}

// FoundNats is where NATS listens and which seeds the CLI may use.
type FoundNats struct {
	URL     string `json:"url"`
	Outside string `json:"outside"`      // seed file of a user that may hand in contacts
	Analyst string `json:"analyst"`      // seed file of a user that may read statistics
	CA      string `json:"ca,omitempty"` // file of the CA behind a tls:// address
}

// Find reads the file for a system's URL; ok is false where there is none.
func Find(address string) (f Found, ok bool, err error) {
	dir, err := stateDir()
	if err != nil {
		return f, false, nil // a user without a home, as in a container, finds nothing
	}
	f, err = ReadFound(dir, address)
	if errors.Is(err, os.ErrNotExist) {
		return f, false, nil
	}
	return f, err == nil, err
}

// Leave writes the file, for the owner alone, and returns what removes it.
func (f Found) Leave() (remove func(), err error) {
	name, err := foundName(f.URL)
	if err != nil {
		return nil, err
	}
	dir, err := stateDir()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make state directory: %w", err)
	}
	text, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode the system's place: %w", err)
	}
	fresh := path + ".new"
	if err := os.WriteFile(fresh, append(text, '\n'), 0o600); err != nil {
		return nil, fmt.Errorf("leave the system's place: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return nil, fmt.Errorf("leave the system's place: %w", err)
	}
	return func() { _ = os.Remove(path) }, nil
}

// foundName is one file per host and port.
func foundName(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return "", fmt.Errorf("%q is no address of a system: want http://HOST:PORT or https://HOST:PORT", address)
	}
	return strings.NewReplacer(":", "_", "[", "", "]", "").Replace(parsed.Host) + ".json", nil
}

func stateDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "gallra"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the user's state directory: %w", err)
	}
	return filepath.Join(home, ".local", "state", "gallra"), nil
}

// ReadFound reads what a system left in a state directory.
func ReadFound(dir, address string) (Found, error) {
	name, err := foundName(address)
	if err != nil {
		return Found{}, err
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return Found{}, fmt.Errorf("read the system's place: %w", err)
	}
	var f Found
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("read the system's place: %w", err)
	}
	return f, nil
}
