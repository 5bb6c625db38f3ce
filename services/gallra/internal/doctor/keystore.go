package doctor

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// keystore says what files cannot promise: a key that was deleted may live on in what
// lies under the file.
func keystore(string) Finding {
	return Finding{"keystore", Warn, "root keys are files under the data directory: an SSD, a copy-on-write file system, a snapshot or a backup of that directory may keep a key that was destroyed",
		"for real persons put keys and data on different volumes without snapshots, or use a keystore that destroys for certain"}
}

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
