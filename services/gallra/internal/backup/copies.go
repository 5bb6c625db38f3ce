package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Copy is a piece that lies in a folder.
type Copy struct {
	Dir      string
	Manifest Manifest
	root     *os.Root // nothing outside the folder is read, whatever a manifest or a link says
}

// OpenCopy reads the manifest and every file once, so that nothing is begun with a copy that is damaged.
func OpenCopy(dir string, piece Piece) (*Copy, error) {
	m, err := ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	if m.Piece != piece {
		return nil, fmt.Errorf("%s is a copy of %s, not of %s", dir, m.Piece, piece)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open backup %s: %w", dir, err)
	}
	c := &Copy{Dir: dir, Manifest: m, root: root}
	for _, f := range m.Files {
		if err := c.check(f); err != nil {
			root.Close()
			return nil, fmt.Errorf("%s: %w: %w", filepath.Join(dir, filepath.FromSlash(f.Path)), err, ErrBackup)
		}
	}
	return c, nil
}

// Close lets go of the folder.
func (c *Copy) Close() {
	if c != nil {
		c.root.Close()
	}
}

func (c *Copy) check(f File) error {
	file, err := c.open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	switch {
	case err != nil:
		return err
	case n != f.Size:
		return fmt.Errorf("has %d bytes, the manifest says %d", n, f.Size)
	case hex.EncodeToString(sum.Sum(nil)) != f.SHA256:
		return fmt.Errorf("is not what the manifest says: its SHA-256 is another")
	}
	return nil
}

func (c *Copy) open(path string) (*os.File, error) {
	info, err := c.root.Lstat(filepath.FromSlash(path))
	if err != nil {
		return nil, fmt.Errorf("is missing")
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("is no plain file")
	}
	return c.root.Open(filepath.FromSlash(path))
}

// put writes the files under a prefix of the copy into a directory, closed to everybody else.
func (c *Copy) put(prefix, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	for _, f := range c.Manifest.Files {
		if filepath.Dir(filepath.FromSlash(f.Path)) != prefix {
			continue
		}
		if err := c.putFile(f.Path, filepath.Join(dir, filepath.Base(f.Path))); err != nil {
			return err
		}
	}
	return syncDir(dir)
}

func (c *Copy) putFile(path, to string) error {
	in, err := c.open(path)
	if err != nil {
		return fmt.Errorf("%s %w", path, err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if os.IsExist(err) {
		return fmt.Errorf("%s is there already: restore into an empty place", to)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	return nil
}

// database is what the manifest says of one.
func (c *Copy) database(name string) (Database, bool) {
	for _, d := range c.Manifest.Databases {
		if d.Name == name {
			return d, true
		}
	}
	return Database{}, false
}
