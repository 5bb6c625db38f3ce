package serve_test

import (
	"errors"
	"os"
	"os/exec"
	"runtime/debug"
	"syscall"
	"testing"

	"gallra.se/libs/serve"
)

// crashes says what the test's own binary does when it is started again.
const crashes = "GALLRA_TEST_CRASHES"

func TestMain(m *testing.M) {
	switch os.Getenv(crashes) {
	case "careful":
		if serve.NoCore() != nil {
			os.Exit(1)
		}
		fallthrough
	case "careless":
		debug.SetTraceback("crash") // what an operator could have asked for
		_ = syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		select {}
	}
	os.Exit(m.Run())
}

// AFC-27: nothing that is in memory alone gets to a disk by a crash.
func TestACrashLeavesNoCore(t *testing.T) {
	t.Parallel()
	dumped := func(how string) bool {
		dir := t.TempDir()
		// The shell raises the limit as far as it may: the operator's default is not what is tried here.
		cmd := exec.Command("/bin/sh", "-c", `ulimit -S -c "$(ulimit -H -c)"; exec "$0"`, os.Args[0])
		cmd.Dir, cmd.Env = dir, append(os.Environ(), crashes+"="+how)
		err := cmd.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			t.Fatalf("%s: %v", how, err)
		}
		status := exit.Sys().(syscall.WaitStatus)
		if !status.Signaled() {
			t.Fatalf("%s: it did not crash: %v", how, err)
		}
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return status.CoreDump() || len(left) > 0
	}
	if dumped("careful") {
		t.Error("a core was dumped")
	}
	if !dumped("careless") {
		t.Log("this machine dumps no core anyway: what was found here shows little")
	}
}
