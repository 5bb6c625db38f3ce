package volume

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAPathLiesOnOneVolumeWithWhatIsAboveIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if same, err := Same(dir, filepath.Join(dir, "not", "there", "yet")); err != nil || !same {
		t.Errorf("%v, %v", same, err)
	}
	if got := Existing(filepath.Join(dir, "not", "there")); got != dir {
		t.Error(got)
	}
}

func TestOtherVolumesAreOthers(t *testing.T) {
	t.Parallel()
	if Kind("/proc/self") == Kind("/dev/shm") && Kind("/dev/shm") != "unknown" {
		t.Error("proc and shm are one kind")
	}
	if same, err := Same("/proc", "/"); err != nil || same {
		t.Errorf("proc lies on the root volume: %v, %v", same, err)
	}
	if _, err := os.Stat("/dev/shm"); err == nil && Kind("/dev/shm") == "tmpfs" && Keeps("/dev/shm") != "" {
		t.Error(Keeps("/dev/shm"))
	}
}
