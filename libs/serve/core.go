package serve

import (
	"fmt"
	"runtime/debug"
	"syscall"
)

// NoCore lets no crash of this process, and of those it starts, leave its memory on disk: it may hold what nobody has
// allowed to be stored (AFC-27). What Go prints of a crash is shortened to the goroutine at fault: code places and
// addresses, no content.
func NoCore() error {
	debug.SetTraceback("single")
	// One byte, and not none: the kernel passes a core of any size to a handler but where the limit is one.
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{Cur: 1, Max: 1}); err != nil {
		return fmt.Errorf("forbid core dumps: %w", err)
	}
	return nil
}
