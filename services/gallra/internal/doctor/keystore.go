package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gallra.se/libs/keyring/bao"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/volume"
)

// keystore says whether the root keys are closed to others, and what cannot be promised of
// one that was destroyed.
func keystore(ctx context.Context, p Place) Finding {
	if bao.Is(p.Keystore.At) {
		return keyServer(ctx, p.Keystore.At, p.Production, func(service string) (assembly.Keystore, error) {
			return p.Keystore.Of(service, layout(p).Keystore(service))
		})
	}
	dir := p.Keystore.At
	if dir == "" {
		dir = filepath.Dir(layout(p).Keystore("any"))
	}
	if open := openTo(dir); open != "" {
		return Finding{"keystore", Fail, open + " can be read or listed by others", "chmod -R go= " + dir + "; if others use this machine, gallra keys rotate too: a key may have been read"}
	}
	return filesAt(dir, layout(p).Postgres(), p.Production)
}

func layout(p Place) embedded.Layout { return embedded.Layout{Dir: p.Dir} }

// filesAt says what a keystore of files in dir cannot promise beside data.
func filesAt(dir, data string, production bool) Finding {
	same, err := volume.Same(dir, data)
	if err != nil {
		return Finding{"keystore", Warn, dir + " cannot be looked at", "run this as the user who runs gallra"}
	}
	keeps := volume.Keeps(dir)
	switch {
	case same && production:
		return Finding{"keystore", Fail, "root keys are files in " + dir + ", on the volume of the data: a snapshot or an image of it holds both", "give --keystore a directory on a volume of its own without snapshots, or the address of a key server"}
	case same:
		return Finding{"keystore", Warn, "root keys are files in " + dir + ", on the volume of the data: an SSD, a copy-on-write file system, a snapshot or a backup of that volume may keep a key that was destroyed",
			"for real persons give --keystore a directory on a volume of its own without snapshots, or the address of a key server"}
	case keeps != "":
		return Finding{"keystore", Warn, "root keys are files in " + dir + ", and " + keeps + ": a key that was destroyed may be found below the file", "use a key server, or a disk that overwrites in place"}
	}
	return Finding{"keystore", Warn, "root keys are files in " + dir + ", on a volume of their own: a snapshot or a backup of it may keep a key that was destroyed", "take none of that volume"}
}

// openTo names the first thing under dir that others may open or list. The directory itself
// may be a mount, in which there is one for each service.
func openTo(dir string) (open string) {
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fs.SkipDir
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && path != dir {
			open = fmt.Sprintf("%s (mode %04o)", path, info.Mode().Perm())
			return fs.SkipAll
		}
		return nil
	})
	return open
}

// keyServer asks for each service's keys: that needs the way, the token and its policy.
func keyServer(ctx context.Context, address string, production bool, of func(service string) (assembly.Keystore, error)) Finding {
	held := 0
	for _, service := range assembly.Holders() {
		k, err := of(service)
		if err == nil {
			var n int
			n, err = k.Held(ctx, service)
			held += n
		}
		if err != nil {
			return Finding{"keystore", Fail, fmt.Sprintf("the key server, for %s: %s", service, err), "see that it runs unsealed, and that the file of its token, its CA and the token's policy are right"}
		}
	}
	if strings.HasPrefix(address, "http://") {
		grade := Warn
		if production {
			grade = Fail
		}
		return Finding{"keystore", grade, "the key server is spoken to in the clear", "give it a certificate, and an https:// address here"}
	}
	return Finding{"keystore", Good, fmt.Sprintf("a key server, which holds %d root keys; copies of its own storage must not be kept longer than disposed data may stay recoverable", held), ""}
}

// keyCopy says whether the key databases are copied to a second medium, and whether it is
// one.
func keyCopy(p Place) Finding {
	const what = "key copy"
	dir := p.Keystore.CopyDir
	if dir == "" {
		grade := Warn
		if p.Production {
			grade = Fail
		}
		return Finding{what, grade, "no copy of the key databases is kept: without them nobody can be read any more", "give --key-copy a directory on another disk"}
	}
	return copyAt(dir, layout(p).Postgres())
}

func copyAt(dir, data string) Finding {
	const what = "key copy"
	if info, err := os.Stat(dir); err != nil && !errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return Finding{what, Fail, dir + " is no directory that can be looked at", "give --key-copy a directory of yours"}
	}
	same, err := volume.Same(dir, data)
	switch {
	case err != nil:
		return Finding{what, Warn, dir + " cannot be looked at", "run this as the user who runs gallra"}
	case same:
		return Finding{what, Warn, "the copy of the key databases in " + dir + " lies on the volume of the data: both are lost together", "give --key-copy a directory on another disk"}
	}
	return Finding{what, Good, "kept in " + dir + ", apart from the data", ""}
}
