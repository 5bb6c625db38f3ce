package doctor

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// enoughMemory is what the embedded servers and the services need, in kB.
const enoughMemory = 512 << 10

func memory() Finding {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return Finding{"memory", Warn, "cannot be read", ""}
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "MemAvailable:"); ok {
			kB, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			said := fmt.Sprintf("%d MB available", kB>>10)
			if err == nil && kB < enoughMemory {
				return Finding{"memory", Warn, said, "end what else runs here"}
			}
			return Finding{"memory", Good, said, ""}
		}
	}
	return Finding{"memory", Warn, "cannot be read", ""}
}
