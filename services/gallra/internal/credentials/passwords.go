package credentials

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
)

// Passwords is a directory with one file per database role.
type Passwords string

// Read returns a role's password.
func (p Passwords) Read(role string) (string, error) {
	path := filepath.Join(string(p), role)
	text, err := read(path, 0o444) // the folder above is closed, or the container's own
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("the password of %s is missing: `gallra deploy secrets` makes it: %w", role, err)
	}
	if err != nil {
		return "", err
	}
	return password(path, text)
}

// keep reads the role's password, making it the first time.
func (p Passwords) keep(role string, mode fs.FileMode) (text string, made bool, err error) {
	path := filepath.Join(string(p), role)
	raw, made, err := keep(path, mode, func() ([]byte, error) { return []byte(rand.Text()), nil })
	if err != nil {
		return "", false, fmt.Errorf("password of %s: %w", role, err)
	}
	text, err = password(path, raw)
	return text, made, err
}

// word is what a password looks like: ours are base 32, a longer one of somebody's own is
// welcome.
var word = regexp.MustCompile(`^[!-~]{16,}$`)

func password(path string, raw []byte) (string, error) {
	text := strings.TrimSpace(string(raw))
	if !word.MatchString(text) {
		return "", damaged(path, "password of 16 characters or more")
	}
	return text, nil
}

// Role returns the password of a role of this folder, making it the first time.
func (f Folder) Role(name string) (string, error) {
	text, _, err := f.Passwords().keep(name, f.forContainers())
	return text, err
}
