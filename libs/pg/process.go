package pg

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// process is the postmaster. It is started and waited for on one locked thread:
// the kernel binds Pdeathsig to the thread that forked, and the Go runtime ends
// idle threads when it likes.
type process struct {
	cmd    *exec.Cmd
	exited chan struct{}
	err    error // valid once exited is closed
}

const readyLine = "database system is ready to accept connections"

func start(ctx context.Context, bin, dir string, as *syscall.Credential, log io.Writer, settings []string) (*process, error) {
	data, err := os.Open(filepath.Join(dir, "data"))
	if err != nil {
		return nil, fmt.Errorf("open data directory: %w", err)
	}
	defer data.Close()
	cmd := exec.Command(filepath.Join(bin, "postgres"), append([]string{"-D", handedOver}, settings...)...)
	cmd.Dir, cmd.Env = "/", environment()
	cmd.ExtraFiles = []*os.File{data}
	// A group of its own: Ctrl-C at the terminal stops us first, and we stop it
	// when nobody uses it any more.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGINT, Setpgid: true}
	said, err := cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("read the server's log: %w", err)
	}
	p := &process{cmd: cmd, exited: make(chan struct{})}
	started, ready := make(chan error, 1), make(chan struct{})
	var last string
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		last = follow(said, log, ready)
		p.err = cmd.Wait()
		close(p.exited)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	select {
	case <-ready:
		return p, nil
	case <-p.exited:
		return nil, fmt.Errorf("postgres ended before it was ready: %w: %s", p.err, last)
	case <-ctx.Done():
		p.stop()
		return nil, ctx.Err()
	}
}

// follow copies the log, closes ready at the line that says so, and returns the
// last line that names a fault.
func follow(said io.Reader, log io.Writer, ready chan<- struct{}) (last string) {
	if log == nil {
		log = io.Discard
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		line := lines.Text()
		fmt.Fprintln(log, line)
		if strings.Contains(line, "FATAL") {
			last = line
		}
		if ready != nil && strings.Contains(line, readyLine) {
			close(ready)
			ready = nil
		}
	}
	io.Copy(io.Discard, said)
	return last
}

// stop asks for a fast shutdown and, after 30 seconds, for an immediate one.
func (p *process) stop() error {
	pid := p.cmd.Process.Pid
	p.cmd.Process.Signal(syscall.SIGINT)
	if gone(pid, 30_000) {
		<-p.exited
	} else {
		p.cmd.Process.Signal(syscall.SIGQUIT)
		<-p.exited
	}
	var exit *exec.ExitError
	if errors.As(p.err, &exit) || p.err == nil {
		return nil // ended, which is what was asked
	}
	return fmt.Errorf("wait for postgres: %w", p.err)
}
