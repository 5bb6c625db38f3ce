//go:build faults

package fault

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Armed says that points do something.
const Armed = true

// Folder is the environment variable that says where faults are laid; without it no point does anything.
const Folder = "GALLRA_FAULTS"

// Postgres is the environment variable with the file in which PostgreSQL keeps its process id.
const Postgres = "GALLRA_FAULTS_POSTGRES"

var (
	one    sync.Mutex
	folder = os.Getenv(Folder)
)

// Point kills whom the file of its name says, and is not reached again for it.
func Point(name string) {
	if folder == "" || len(os.Args) < 2 {
		return
	}
	path := filepath.Join(folder, os.Args[1], name)
	one.Lock()
	defer one.Unlock()
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	whom, pass, ok := strings.Cut(strings.TrimSpace(string(text)), " ")
	left, err := strconv.Atoi(pass)
	if !ok || err != nil {
		panic(fmt.Sprintf("fault %s is laid without a pass", name))
	}
	if left > 1 {
		lay(path, fmt.Sprintf("%s %d", whom, left-1))
		return
	}
	if err := os.Remove(path); err != nil {
		panic(err)
	}
	strike(whom)
}

// Off says that a test has switched something off, by a file of its name.
func Off(name string) bool {
	if folder == "" || len(os.Args) < 2 {
		return false
	}
	_, err := os.Stat(filepath.Join(folder, os.Args[1], name))
	return err == nil
}

// lay replaces a fault whole: another reader never sees half of it.
func lay(path, text string) {
	draft := path + ".draft"
	if err := os.WriteFile(draft, []byte(text), 0o600); err != nil {
		panic(err)
	}
	if err := os.Rename(draft, path); err != nil {
		panic(err)
	}
}

func strike(whom string) {
	switch whom {
	case "self":
		kill(os.Getpid())
	case "parent": // `gallra up`, with its nats-server and all that it started
		kill(os.Getppid())
	case "postgres":
		kill(postmaster())
	default:
		panic("nobody is called " + whom)
	}
}

// kill does not return when the process is this one or takes this one along.
func kill(pid int) {
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		panic(err)
	}
	if pid == os.Getpid() {
		select {}
	}
}

func postmaster() int {
	text, err := os.ReadFile(os.Getenv(Postgres))
	if err != nil {
		panic(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		panic(err)
	}
	return pid
}
