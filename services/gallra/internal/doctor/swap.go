package doctor

import (
	"os"
	"path/filepath"
	"strings"
)

// swap says whether memory may be written to a disk in the clear: what the chatbot is asked lives in memory alone (AFC-27).
func swap() Finding {
	text, err := os.ReadFile("/proc/swaps")
	if err != nil {
		return Finding{"swap", Warn, "cannot be read", ""}
	}
	return swapTo(string(text), func(device string) bool {
		real, err := filepath.EvalSymlinks(device)
		if err != nil {
			return false
		}
		id, err := os.ReadFile(filepath.Join("/sys/block", filepath.Base(real), "dm", "uuid"))
		return err == nil && strings.HasPrefix(string(id), "CRYPT-")
	})
}

// swapTo reads the table of swap areas.
func swapTo(table string, encrypted func(device string) bool) Finding {
	var open []string
	lines := strings.Split(strings.TrimSpace(table), "\n")
	for _, line := range lines[1:] {
		device, _, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
		if device != "" && !strings.HasPrefix(device, "/dev/zram") && !encrypted(device) {
			open = append(open, device)
		}
	}
	if len(open) > 0 {
		return Finding{"swap", Warn, "memory may be written in the clear to " + strings.Join(open, ", ") + ": what must live in memory alone could be found there",
			"swapoff -a, or encrypted swap"}
	}
	return Finding{"swap", Good, "no memory is written to a disk in the clear", ""}
}
