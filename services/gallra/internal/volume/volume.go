// Package volume tells what a path lies on, as far as that decides whether what is deleted
// there is gone.
package volume

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Existing is a path, or the nearest directory above it that is there.
func Existing(path string) string {
	path = filepath.Clean(path)
	for {
		if _, err := os.Stat(path); err == nil || filepath.Dir(path) == path {
			return path
		}
		path = filepath.Dir(path)
	}
}

// Same says whether two paths lie on one volume: what keeps copies of one, such as a
// snapshot, keeps copies of the other. A path that is not there yet counts as the directory
// that it would be made in.
func Same(a, b string) (bool, error) {
	one, err := device(a)
	if err != nil {
		return false, err
	}
	other, err := device(b)
	return err == nil && one == other, err
}

func device(path string) (uint64, error) {
	var stat syscall.Stat_t
	err := syscall.Stat(Existing(path), &stat)
	if err != nil {
		return 0, fmt.Errorf("look at the volume of %s: %w", path, err)
	}
	return uint64(stat.Dev), nil
}

// The kinds of file system that matter here, by the number in statfs(2).
var kinds = map[uint32]string{
	0x9123683E: "btrfs", 0x2FC12FC1: "zfs", 0xCA451A4E: "bcachefs", 0x3434: "nilfs", 0xF2F52010: "f2fs", 0x794C7630: "overlay",
	0x01021994: "tmpfs", 0xEF53: "ext4", 0x58465342: "xfs", 0x6969: "nfs", 0xFF534D42: "cifs", 0xFE534D42: "smb",
}

// Kind names the file system of a path, or says "unknown".
func Kind(path string) string {
	var stat syscall.Statfs_t
	if syscall.Statfs(Existing(path), &stat) != nil {
		return "unknown"
	}
	if name, known := kinds[uint32(stat.Type)]; known {
		return name
	}
	return "unknown"
}

// Keeps says why a file that was overwritten there may live on below, or nothing where no
// reason was found.
func Keeps(path string) string {
	switch kind := Kind(path); kind {
	case "btrfs", "zfs", "bcachefs", "nilfs", "f2fs", "overlay":
		return kind + " writes the new beside the old"
	case "nfs", "cifs", "smb":
		return kind + " is another machine's disk"
	case "tmpfs":
		return ""
	}
	if flash(path) {
		return "the disk is solid state, which writes the new beside the old"
	}
	return ""
}

// flash asks the kernel whether a path's disk does not rotate.
func flash(path string) bool {
	number, err := device(path)
	if err != nil {
		return false
	}
	major, minor := number>>8&0xfff, number&0xff|number>>12&0xfff00
	disk, err := filepath.EvalSymlinks(fmt.Sprintf("/sys/dev/block/%d:%d", major, minor))
	if err != nil {
		return false
	}
	for range 2 { // a partition, then its disk
		text, err := os.ReadFile(filepath.Join(disk, "queue", "rotational"))
		if err == nil {
			return strings.TrimSpace(string(text)) == "0"
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false
		}
		disk = filepath.Dir(disk)
	}
	return false
}
