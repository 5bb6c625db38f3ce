package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Running is where the PostgreSQL of this layout listens now, as a URL that names neither
// role nor password. Whoever may read the data directory may ask.
func (l Layout) Running() (string, error) {
	text, err := os.ReadFile(filepath.Join(l.Postgres(), "data", "postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("no PostgreSQL runs in %s: start `gallra up` first", l.Dir)
	}
	if err != nil {
		return "", fmt.Errorf("look for the running PostgreSQL: %w", err)
	}
	lines := strings.Split(string(text), "\n") // pid, data directory, start time, port, socket directory
	if len(lines) < 5 {
		return "", fmt.Errorf("the PostgreSQL in %s is only starting: wait, and run this again", l.Dir)
	}
	query := url.Values{"host": {lines[4]}, "port": {strings.TrimSpace(lines[3])}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", Path: "/postgres", RawQuery: query.Encode()}).String(), nil
}
