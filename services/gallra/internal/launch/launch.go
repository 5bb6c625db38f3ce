// Package launch starts `gallra up` as a process of its own and waits until it is ready:
// what a scenario, a demonstration or a test runs against. It is the same program that
// an operator starts, reached over HTTP alone.
package launch

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"

	"gallra.se/libs/clock"
)

// Options is what the system is started with.
type Options struct {
	Dir  string   // its data directory; its tokens are left there too
	HTTP string   // address; empty takes a free port
	Args []string // more flags for `gallra up`
	Env  []string // NAME=VALUE, beside what this process has
}

// System is a running `gallra up`.
type System struct {
	URL    string
	Dir    string
	cmd    *exec.Cmd
	said   *tail
	exited chan struct{}
}

var readyLine = regexp.MustCompile(`gallra is ready: (http://\S+)`)

// startTimeout is how long it may take until the system is ready (Pace).
const startTimeout = 2 * time.Minute

// Start runs this very binary with `up`. It ends when this process ends, however that is.
func Start(ctx context.Context, o Options) (*System, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own executable: %w", err)
	}
	if o.HTTP == "" {
		o.HTTP = "127.0.0.1:0"
	}
	cmd := exec.Command(executable, append([]string{"up", "--data", o.Dir, "--http", o.HTTP}, o.Args...)...)
	cmd.Env = append(append(os.Environ(), o.Env...), "XDG_STATE_HOME="+filepath.Join(o.Dir, "state"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("read output of gallra up: %w", err)
	}
	s := &System{Dir: o.Dir, cmd: cmd, said: &tail{}, exited: make(chan struct{})}
	cmd.Stderr = s.said
	ready := make(chan string, 1)
	started := make(chan error, 1)
	go s.live(out, started, ready)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start gallra up: %w", err)
	}
	return s, s.await(ctx, ready)
}

// live starts the process and waits for its end on one thread: the kernel binds
// Pdeathsig to the thread that forked.
func (s *System) live(out io.Reader, started chan<- error, ready chan<- string) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := s.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := readyLine.FindStringSubmatch(lines.Text()); found != nil {
			ready <- found[1]
		}
	}
	_ = s.cmd.Wait()
	close(s.exited)
}

func (s *System) await(ctx context.Context, ready <-chan string) error {
	select {
	case s.URL = <-ready:
		return nil
	case <-s.exited:
		return fmt.Errorf("gallra up ended before it was ready: %s", s.said.text())
	case <-clock.After(startTimeout):
		s.Kill()
		return fmt.Errorf("gallra up is not ready after %s: see %s", startTimeout, filepath.Join(s.Dir, "logs"))
	case <-ctx.Done():
		s.Stop()
		return ctx.Err()
	}
}

// Pid is the system's process.
func (s *System) Pid() int { return s.cmd.Process.Pid }

// Exited says that the system has ended.
func (s *System) Exited() bool {
	select {
	case <-s.exited:
		return true
	default:
		return false
	}
}

// Stop ends the system in good order.
func (s *System) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.exited:
	case <-clock.After(time.Minute):
		s.Kill()
	}
}

// Kill ends it as a crash would.
func (s *System) Kill() {
	_ = s.cmd.Process.Kill()
	<-s.exited
}

// tail keeps the end of what is written to it.
type tail struct{ kept []byte }

const tailSize = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if extra := len(t.kept) - tailSize; extra > 0 {
		t.kept = t.kept[extra:]
	}
	return len(p), nil
}

func (t *tail) text() string { return strings.TrimSpace(string(t.kept)) }
