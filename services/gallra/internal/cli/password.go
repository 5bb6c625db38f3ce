package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
)

// withPassword puts the password that a file holds into a database URL. No error shows
// either of them.
func withPassword(address, file string) (string, error) {
	if file == "" || address == "" {
		return address, nil
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.User.Username() == "" {
		return "", errors.New("a database URL with a password file must be postgres://ROLE@HOST/DATABASE")
	}
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("password file %s is missing: `gallra deploy secrets` makes it", file)
	case errors.Is(err, fs.ErrPermission):
		return "", fmt.Errorf("password file %s cannot be read by this user: `gallra deploy secrets` sets its mode", file)
	case err != nil:
		return "", fmt.Errorf("read password file: %w", err)
	}
	password := strings.TrimSpace(string(text))
	if password == "" {
		return "", fmt.Errorf("password file %s is empty: delete it and run `gallra deploy secrets`", file)
	}
	parsed.User = url.UserPassword(parsed.User.Username(), password)
	return parsed.String(), nil
}
