// Package doctor looks at a machine for what would keep a system from running, or from
// keeping its promises, and says what to do. It changes nothing.
package doctor

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"gallra.se/services/gallra/internal/assembly"
)

// Grade is how bad a finding is.
type Grade string

const (
	Good Grade = "ok"
	Warn Grade = "warn" // runs, and something cannot be promised
	Fail Grade = "FAIL" // does not run
)

// Finding is one thing that was looked at. Do says what to do about it.
type Finding struct {
	What  string `json:"what"`
	Grade Grade  `json:"grade"`
	Said  string `json:"said"`
	Do    string `json:"do,omitempty"`
}

// Place is where a system is to run.
type Place struct {
	Dir        string
	HTTP       string
	Keystore   assembly.Keystore // of all services; empty: files under Dir
	Production bool
}

// Look makes every check.
func Look(ctx context.Context, p Place) []Finding {
	return []Finding{postgres(), address(ctx, p.HTTP, "give `gallra up` another --http"), directory(p.Dir), space(p.Dir), keystore(ctx, p), keyCopy(p), memory(), swap()}
}

// Worst is the worst grade of a list.
func Worst(findings []Finding) Grade {
	worst := Good
	for _, f := range findings {
		if f.Grade == Fail || f.Grade == Warn && worst == Good {
			worst = f.Grade
		}
	}
	return worst
}

func postgres() Finding {
	candidates, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if inPath, err := exec.LookPath("initdb"); err == nil {
		candidates = append(candidates, inPath)
	}
	if len(candidates) == 0 {
		return Finding{"PostgreSQL", Fail, "initdb and postgres are not installed", "apt-get install -y postgresql"}
	}
	return Finding{"PostgreSQL", Good, filepath.Dir(candidates[len(candidates)-1]), ""}
}

// address looks whether one is free; instead is what else may be done than freeing it.
func address(ctx context.Context, address, instead string) Finding {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return Finding{"address", Warn, address + " is taken (by a running gallra, perhaps)", "stop what listens there, or " + instead}
	}
	l.Close()
	return Finding{"address", Good, address + " is free", ""}
}

// existing is the nearest directory upwards that is there.
func existing(dir string) string {
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return dir
		}
		dir = parent
	}
}

func directory(dir string) Finding {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Finding{"data directory", Fail, "the working directory cannot be read", "change to a directory that exists"}
	}
	probe, err := os.CreateTemp(existing(absolute), ".gallra-doctor-")
	if err != nil {
		return Finding{"data directory", Fail, absolute + " cannot be written", "give --data a directory of yours"}
	}
	probe.Close()
	os.Remove(probe.Name())
	return Finding{"data directory", Good, absolute + " can be written", ""}
}

// enoughSpace is what a system needs at its start, in bytes: nats-server sets aside the most that each stream may hold, of
// three quarters of the disk.
const enoughSpace = 16 << 30

func space(dir string) Finding {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		absolute = "."
	}
	var stat syscall.Statfs_t
	if err := syscall.Statfs(existing(absolute), &stat); err != nil {
		return Finding{"disk space", Warn, "cannot be read", ""}
	}
	free := stat.Bavail * uint64(stat.Bsize)
	said := fmt.Sprintf("%.1f GB free", float64(free)/(1<<30))
	if free < enoughSpace {
		return Finding{"disk space", Warn, said, "free at least 16 GB (nats-server sets 10 GB aside for the streams), or put the data elsewhere"}
	}
	return Finding{"disk space", Good, said, ""}
}
