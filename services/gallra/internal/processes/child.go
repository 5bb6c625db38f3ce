package processes

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"gallra.se/libs/clock"
)

// Child says how a service's process is started.
type Child struct {
	Name string
	Args []string
	Env  []string // beside the parent's own
	Log  string   // file that its standard output and error are added to
}

// life is one run of a child.
type life struct {
	cmd    *exec.Cmd
	exited chan struct{}
}

// begin starts the process on a thread that stays: the kernel binds Pdeathsig to the
// thread that forked, and the Go runtime ends idle threads when it likes.
func begin(executable string, c Child) (*life, error) {
	log, err := os.OpenFile(c.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log of %s: %w", c.Name, err)
	}
	defer log.Close()
	cmd := exec.Command(executable, c.Args...)
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Stdout, cmd.Stderr = log, log
	// A group of its own: Ctrl-C at the terminal reaches the parent, who stops its
	// children in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	l := &life{cmd: cmd, exited: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(l.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	return l, nil
}

// stopTimeout is how long a child may take to end in good order.
const stopTimeout = 15 * time.Second

// stop asks the process to end and, if it does not, ends it.
func (l *life) stop() {
	_ = l.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-l.exited:
	case <-clock.After(stopTimeout):
		l.kill()
	}
}

func (l *life) kill() {
	_ = l.cmd.Process.Kill()
	<-l.exited
}

// pause keeps a child that ends at once from spinning.
func pause(ctx context.Context) error { return clock.Sleep(ctx, time.Second) }
