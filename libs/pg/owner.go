package pg

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// owner is the user that the server runs as when we are root, which PostgreSQL
// refuses to run as; nil means as ourselves.
func owner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(found.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(found.Gid, 10, 32)
		if errUID == nil && errGID == nil && uid != 0 {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("running as root, and there is no user postgres or nobody to run the server as")
}

// own gives path and all below it to the server's user. Only the root is looked
// at first: a data directory that was used before belongs to it already.
func own(path string, as *syscall.Credential) error {
	if as == nil {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.Sys().(*syscall.Stat_t).Uid == as.Uid {
		return nil
	}
	err := filepath.WalkDir(path, func(p string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(p, int(as.Uid), int(as.Gid))
	})
	if err != nil {
		return fmt.Errorf("give %s to the server's user: %w", path, err)
	}
	return nil
}

// longestSocketDir leaves room for "/.s.PGSQL.65535" in the 107 bytes that a
// socket's path may have.
const longestSocketDir = 90

// socketDir is dir/socket, or a short name under /tmp where that is too long for
// a socket or not to be entered by the server's user. The name under /tmp is
// computed from dir, so that a restart finds and reuses it.
func socketDir(dir string, as *syscall.Credential) (string, error) {
	path := filepath.Join(dir, "socket")
	if len(path) > longestSocketDir || !enters(as, dir) {
		path = fmt.Sprintf("/tmp/gallra-pg-%x", sha256.Sum256([]byte(dir)))[:31]
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("make socket directory: %w", err)
	}
	if err := own(path, as); err != nil {
		return "", err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return "", fmt.Errorf("look at socket directory: %w", err)
	}
	uid := uint32(os.Geteuid())
	if as != nil {
		uid = as.Uid
	}
	if !info.IsDir() || info.Sys().(*syscall.Stat_t).Uid != uid {
		return "", fmt.Errorf("socket directory %s belongs to somebody else", path)
	}
	return path, nil
}

// enters reports whether the server's user may pass every directory down to dir.
func enters(as *syscall.Credential, dir string) bool {
	if as == nil {
		return true
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return false
		}
		stat := info.Sys().(*syscall.Stat_t)
		switch mode := info.Mode().Perm(); {
		case stat.Uid == as.Uid && mode&0o100 == 0,
			stat.Uid != as.Uid && stat.Gid == as.Gid && mode&0o010 == 0,
			stat.Uid != as.Uid && stat.Gid != as.Gid && mode&0o001 == 0:
			return false
		}
	}
	return true
}
