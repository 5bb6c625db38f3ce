package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"gallra.se/libs/pg"
)

// withPassword puts the password that a file holds into a database URL.
func withPassword(address, file string) (string, error) {
	if file == "" || address == "" {
		return address, nil
	}
	full, err := pg.WithPassword(address, func() (string, error) { return passwordIn(file) })
	if errors.Is(err, pg.ErrURL) {
		return "", fmt.Errorf("a database URL with a password file: %w", err)
	}
	return full, err
}

func passwordIn(file string) (string, error) {
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
	return password, nil
}
