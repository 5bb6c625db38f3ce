package doctor

import (
	"strings"
	"testing"
)

// AFC-27
func TestSwapInTheClearIsTold(t *testing.T) {
	t.Parallel()
	const head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
	for table, grade := range map[string]Grade{
		"":   Good,
		head: Good,
		head + "/dev/zram0                              partition\t4194300\t\t0\t\t100\n":                                    Good,
		head + "/dev/dm-1                               partition\t4194300\t\t0\t\t-2\n":                                     Good,
		head + "/swapfile                               file\t\t2097148\t\t0\t\t-2\n":                                        Warn,
		head + "/dev/dm-1  partition\t4194300\t\t0\t\t-2\n/dev/sda2                               partition\t1\t\t0\t\t-3\n": Warn,
	} {
		f := swapTo(table, func(device string) bool { return device == "/dev/dm-1" })
		if f.Grade != grade || grade == Warn && (f.Do == "" || !strings.Contains(f.Said, "/s")) {
			t.Errorf("%q: %+v", table, f)
		}
	}
	if f := swap(); f.What != "swap" {
		t.Errorf("%+v", f)
	}
}
