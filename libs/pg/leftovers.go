package pg

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// endLeftovers ends what an earlier process left running on data (it was killed
// and its server is still shutting down) and removes the stale postmaster.pid,
// whose number may belong to somebody else by now. The caller holds the lock of
// the directory, so whatever runs there has no living owner.
func endLeftovers(data string) error {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		pids := runningIn(data)
		for _, pid := range pids {
			syscall.Kill(pid, sig)
		}
		for _, pid := range pids {
			gone(pid, 20_000)
		}
	}
	if pids := runningIn(data); len(pids) > 0 {
		return fmt.Errorf("postgres process %d of an earlier run does not end", pids[0])
	}
	err := os.Remove(filepath.Join(data, "postmaster.pid"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove stale postmaster.pid: %w", err)
	}
	return nil
}

// runningIn lists the postmaster of data, or, when that is gone, what remains of
// its children: every one of them works in the data directory.
func runningIn(data string) []int {
	var masters, children []int
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		cwd, err := os.Readlink(filepath.Join("/proc", entry.Name(), "cwd"))
		if err != nil || cwd != data {
			continue
		}
		comm, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "comm"))
		if err != nil || strings.TrimSpace(string(comm)) != "postgres" {
			continue
		}
		if parentIn(pid, data) {
			children = append(children, pid)
		} else {
			masters = append(masters, pid)
		}
	}
	if len(masters) > 0 {
		return masters
	}
	return children
}

func parentIn(pid int, data string) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	if len(fields) < 2 {
		return false
	}
	cwd, err := os.Readlink(filepath.Join("/proc", fields[1], "cwd"))
	return err == nil && cwd == data
}

// gone waits until process pid has ended, at most the given milliseconds.
func gone(pid, milliseconds int) bool {
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return errors.Is(err, unix.ESRCH)
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, milliseconds)
		if !errors.Is(err, unix.EINTR) {
			return n > 0
		}
	}
}
