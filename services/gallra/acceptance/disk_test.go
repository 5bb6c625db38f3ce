package acceptance

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// smallDisk is what the database's disk holds in all: a new cluster and some hundred calls.
const smallDisk = 300 << 20

// A database that has no room left refuses, or ends and says why; what it has accepted is there when there is room again.
func TestAFullDiskLosesNothingThatWasAccepted(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	disk := filepath.Join(dir, "postgres")
	mountSmall(t, disk)
	system, api := up(t, dir, "--empty")
	caller, token := &http.Client{}, officersToken(t, system)
	accepted := int64(0)
	hand := func(id string) (status int) {
		status, after := oneCall(t, caller, system.URL, token, id)
		switch {
		case status == http.StatusCreated:
			accepted++
		case status == http.StatusServiceUnavailable && after != "":
		default:
			t.Errorf("%s was answered %d, Retry-After %q", id, status, after)
		}
		return status
	}
	for n := range 20 {
		hand(fmt.Sprintf("before-%d", n))
	}
	filler := fill(t, disk)
	refused := 0
	for n := 0; n < 3000 && refused < 5 && !system.Exited(); n++ {
		if hand(fmt.Sprintf("full-%d", n)) != http.StatusCreated {
			refused++
		}
	}
	t.Logf("%d accepted, %d refused, ended %v", accepted, refused, system.Exited())
	if refused == 0 && !system.Exited() {
		t.Fatal("the disk is full and nobody minds")
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if system.Exited() { // the database could not write its log: a supervisor starts the system again
		system, api = up(t, dir, "--empty")
	}
	before := accepted
	waitFor(t, "calls are taken again", func() bool { return hand("after") == http.StatusCreated })
	if accepted != before+1 {
		t.Errorf("%d accepted after room was made", accepted-before)
	}
	waitFor(t, "every accepted call is there", func() bool { return living(t, api) == accepted })
	reconciles(t, system)
}

// mountSmall puts a disk of its own under a directory; who may not mount cannot try this.
func mountSmall(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0755", smallDisk))
	if errors.Is(err, fs.ErrPermission) {
		t.Skip("a small disk can be mounted by root alone")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// fill writes until nothing more fits.
func fill(t *testing.T, dir string) (path string) {
	t.Helper()
	path = filepath.Join(dir, "filler")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for block := make([]byte, 64<<10); ; {
		if _, err := file.Write(block); errors.Is(err, syscall.ENOSPC) {
			return path
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
