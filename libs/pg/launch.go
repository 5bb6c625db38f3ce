package pg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// LaunchConfig says where a local server keeps what it has.
type LaunchConfig struct {
	Dir      string            // everything of the server: data, socket, superuser's password
	Port     int               // on 127.0.0.1; 0 takes a free one
	Log      io.Writer         // what the server writes; nil drops it
	Settings map[string]string // over our own; tests turn fsync off
}

// Server is a running local PostgreSQL, child of this process.
//
//	Launch ──► lock Dir ──► end what an earlier process left ──► initdb, once
//	  ──► start ──► "ready" ──► Stop (SIGINT, fast shutdown) ──► unlock
//
// The kernel sends the server SIGINT when this process dies in any way
// (Pdeathsig), so kill -9 leaves no server behind for longer than its shutdown
// takes, and the next Launch on Dir waits for that. A server of an earlier
// process is never adopted: it was told to stop.
type Server struct {
	dir      string
	port     int
	socket   string
	password string
	lock     *os.File
	process  *process
	stop     sync.Once
}

const superuser = "gallra"

// Launch starts the server of config.Dir, making it first if there is none. It
// returns when the server accepts connections. As root it runs the server as
// `postgres`, else `nobody`; the directories it needs then belong to that user.
func Launch(ctx context.Context, config LaunchConfig) (*Server, error) {
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", config.Dir, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make server directory: %w", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	server, err := launch(ctx, dir, config)
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("launch postgres in %s: %w", dir, err)
	}
	server.lock = lock
	return server, nil
}

func launch(ctx context.Context, dir string, config LaunchConfig) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	as, err := owner()
	if err != nil {
		return nil, err
	}
	if err := endLeftovers(filepath.Join(dir, "data")); err != nil {
		return nil, err
	}
	password, err := initialise(ctx, bin, dir, as, config.Settings["fsync"] != "off")
	if err != nil {
		return nil, err
	}
	socket, err := socketDir(dir, as)
	if err != nil {
		return nil, err
	}
	server := &Server{dir: dir, socket: socket, password: password}
	for attempt := 0; ; attempt++ {
		if server.port, err = port(config.Port); err != nil {
			return nil, err
		}
		server.process, err = start(ctx, bin, dir, as, config.Log, settings(server, config.Settings))
		if err == nil {
			return server, nil
		}
		// Somebody may have taken the free port between our look and the start.
		if config.Port != 0 || attempt == 2 || ctx.Err() != nil {
			return nil, err
		}
	}
}

// Stop ends the server with a fast shutdown and waits for it.
func (s *Server) Stop() error {
	var err error
	s.stop.Do(func() {
		err = s.process.stop()
		if !strings.HasPrefix(s.socket, s.dir) {
			os.Remove(s.socket)
		}
		s.lock.Close()
	})
	return err
}

// Exited is closed when the server's process has ended, wanted or not.
func (s *Server) Exited() <-chan struct{} { return s.process.exited }

// lockDir keeps a second process from the same directory; the kernel opens the
// lock again when this process dies.
func lockDir(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock of %s: %w", dir, err)
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errors.New("another process runs a server there")
	}
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return lock, nil
}

func port(wanted int) (int, error) {
	if wanted != 0 {
		return wanted, nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Dir is the directory that the server lives in.
func (s *Server) Dir() string { return s.dir }
