//go:build faults

package bao_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
	"gallra.se/libs/keyring/bao"
	"gallra.se/libs/keyring/keystoretest"
)

// TestAKeyServersClientMayDieAnywhere kills a process at each step of a Put and of a
// Destroy; what is left is what keystoretest wants of a crash.
func TestAKeyServersClientMayDieAnywhere(t *testing.T) {
	if child := os.Getenv("BAO_TEST_CHILD"); child != "" {
		dies(t, child)
		return
	}
	t.Parallel()
	keystoretest.Run(t, func(t testing.TB) keystoretest.Place {
		b := newBench(t)
		killed := func(what, point string) func(testing.TB, int64) {
			return func(t testing.TB, generation int64) {
				if what == "destroy" {
					must(t, b.open(t).Put(t.Context(), generation, root))
				}
				b.kill(t, what, point)
			}
		}
		return keystoretest.Place{
			Open: func(t testing.TB) keyring.Keystore { return b.open(t) },
			Crashes: map[string]func(testing.TB, int64){
				"bao.made": killed("put", "bao.made"), "bao.wrapped": killed("put", "bao.wrapped"),
				"bao.unlocked": killed("destroy", "bao.unlocked"), "bao.deleted": killed("destroy", "bao.deleted"),
			},
		}
	})
}

// kill lets a process of its own die at a point.
func (b *bench) kill(t testing.TB, what, point string) {
	t.Helper()
	const arg = "-test.run=^TestAKeyServersClientMayDieAnywhere$"
	faults := t.TempDir()
	laid := filepath.Join(faults, arg, point)
	must(t, os.MkdirAll(filepath.Dir(laid), 0o700))
	must(t, os.WriteFile(laid, []byte("self 1"), 0o600))
	child := exec.CommandContext(t.Context(), os.Args[0], arg)
	child.Env = append(os.Environ(), fault.Folder+"="+faults, "BAO_TEST_CHILD="+what, "BAO_TEST_URL="+b.URL, "BAO_TEST_TOKEN="+b.config.TokenFile,
		"BAO_TEST_WRAPPED="+strings.Join(b.config.Address.Wrapped, ":"))
	err := child.Run()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("it was not killed at %s: %v", point, err)
	}
}

// dies is the child.
func dies(t *testing.T, what string) {
	c := bao.Config{Service: "intake", TokenFile: os.Getenv("BAO_TEST_TOKEN"),
		Address: bao.Address{Server: os.Getenv("BAO_TEST_URL"), Mount: "transit", Prefix: "gallra", Wrapped: strings.Split(os.Getenv("BAO_TEST_WRAPPED"), ":")}}
	if what == "put" {
		must(t, open(t, c).Put(t.Context(), 2, root))
	} else {
		must(t, open(t, c).Destroy(t.Context(), 2))
	}
}
