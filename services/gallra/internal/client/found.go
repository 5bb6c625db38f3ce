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

// Found is what a running system leaves for the CLI of the same user.
type Found struct {
	URL     string            `json:"url"`
	DataDir string            `json:"dataDir"`
	Tokens  map[string]string `json:"tokens"` // by authority
	Nats    FoundNats         `json:"nats"`
}

// FoundNats is where NATS listens and which seeds the CLI may use.
type FoundNats struct {
	URL     string `json:"url"`
	Outside string `json:"outside"` // seed file of a user that may hand in contacts
	Analyst string `json:"analyst"` // seed file of a user that may read statistics
}

// Find reads the file for a system's URL; ok is false where there is none.
func Find(address string) (f Found, ok bool, err error) {
	path, err := foundPath(address)
	if err != nil {
		return f, false, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return f, false, nil
	}
	if err != nil {
		return f, false, fmt.Errorf("read operator's tokens: %w", err)
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, false, fmt.Errorf("read %s: %w", path, err)
	}
	return f, true, nil
}

// Leave writes the file, for the owner alone, and returns what removes it.
func (f Found) Leave() (remove func(), err error) {
	path, err := foundPath(f.URL)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make state directory: %w", err)
	}
	text, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode operator's tokens: %w", err)
	}
	fresh := path + ".new"
	if err := os.WriteFile(fresh, append(text, '\n'), 0o600); err != nil {
		return nil, fmt.Errorf("leave operator's tokens: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return nil, fmt.Errorf("leave operator's tokens: %w", err)
	}
	return func() { _ = os.Remove(path) }, nil
}

// foundPath is one file per host and port.
func foundPath(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return "", fmt.Errorf("%q is no address of a system: want http://HOST:PORT", address)
	}
	dir, err := stateDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, strings.NewReplacer(":", "_", "[", "", "]", "").Replace(parsed.Host)+".json"), nil
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
