package system

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"gallra.se/services/gallra/internal/assembly"
)

// longestSocket is what a unix socket's path may measure.
const longestSocket = 104

// placeSockets names a socket for each service under DIR/run, or, where that path is too
// long for a socket, under a directory of the same owner in the temporary directory.
func (s *system) placeSockets(context.Context) error {
	dir := s.layout.Run()
	if len(filepath.Join(dir, "statistics-pseudonymiser.sock")) > longestSocket {
		dir = filepath.Join(os.TempDir(), fmt.Sprintf("gallra-%x", sha256.Sum256([]byte(s.layout.Dir)))[:23])
		if err := ownDir(dir); err != nil {
			return err
		}
		s.later(func() { os.RemoveAll(dir) })
	}
	s.sockets = map[string]string{}
	for _, service := range assembly.Names() {
		s.sockets[service] = filepath.Join(dir, service+".sock")
	}
	return nil
}

func ownDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make socket directory: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("look at socket directory: %w", err)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || !info.IsDir() || int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("socket directory %s belongs to somebody else", dir)
	}
	return nil
}

// ListenOn opens a service's listener: `unix:PATH` or HOST:PORT. A socket that a killed
// process left is taken over.
func ListenOn(ctx context.Context, address string) (net.Listener, error) {
	network := "tcp"
	if path, ok := cutUnix(address); ok {
		network, address = "unix", path
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("remove old socket: %w", err)
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return listener, nil
}

const unixPrefix = "unix:"

func cutUnix(address string) (string, bool) {
	if len(address) > len(unixPrefix) && address[:len(unixPrefix)] == unixPrefix {
		return address[len(unixPrefix):], true
	}
	return "", false
}
