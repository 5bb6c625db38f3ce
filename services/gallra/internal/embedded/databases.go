package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gallra.se/libs/pg"
)

// Databases gives each name of the list a database and a role of its own: no role may
// connect to another's database.
func (l Layout) Databases(ctx context.Context, server *pg.Server, names []string) (map[string]string, error) {
	urls := make(map[string]string, len(names))
	for _, name := range names {
		password, err := l.password(name)
		if err != nil {
			return nil, err
		}
		if err := server.EnsureRole(ctx, name, password); err != nil {
			return nil, err
		}
		if err := server.EnsureDatabase(ctx, name, name); err != nil {
			return nil, err
		}
		urls[name] = server.URL(name, name, password)
	}
	return urls, nil
}

// password reads the role's password, making it at the first start.
func (l Layout) password(role string) (string, error) {
	path := filepath.Join(l.passwords(), role)
	text, err := os.ReadFile(path)
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read password of %s: %w", role, err)
	}
	password := rand.Text()
	if err := os.WriteFile(path, []byte(password), 0o600); err != nil {
		return "", fmt.Errorf("keep password of %s: %w", role, err)
	}
	return password, nil
}
