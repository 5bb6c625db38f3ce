package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/keyring"
)

// writer fills one piece.
type writer struct {
	dir      string
	manifest Manifest
	bytes    int64
	say      func(format string, args ...any)
}

func (w *writer) begin() error {
	if err := os.Mkdir(w.dir, 0o700); err != nil {
		return fmt.Errorf("begin a piece: %w", err)
	}
	w.manifest.Files = []File{}
	return nil
}

// end writes the manifest last and makes sure of it.
func (w *writer) end() (int64, error) {
	raw, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return 0, err
	}
	if _, err := DecodeManifest(raw); err != nil {
		return 0, fmt.Errorf("what was written would not be read again: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(w.dir, manifestName), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("write manifest: %w", err)
	}
	_, err = file.Write(raw)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return 0, fmt.Errorf("write manifest: %w", err)
	}
	return w.bytes, syncDir(w.dir)
}

// file writes one file and notes its digest.
func (w *writer) file(path string, fill func(io.Writer) error) error {
	full := filepath.Join(w.dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return fmt.Errorf("make folder of %s: %w", path, err)
	}
	file, err := os.OpenFile(full, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	sum, n := sha256.New(), counter(0)
	err = fill(io.MultiWriter(file, sum, &n))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	w.manifest.Files = append(w.manifest.Files, File{Path: path, Size: int64(n), SHA256: hex.EncodeToString(sum.Sum(nil))})
	w.bytes += int64(n)
	return nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// copy takes a file of the deployment, which is no link.
func (w *writer) copy(from, to string) error {
	info, err := os.Lstat(from)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no plain file")
	}
	if err != nil {
		return fmt.Errorf("copy %s: %w", filepath.Base(from), err)
	}
	return w.file(to, func(out io.Writer) error {
		in, err := os.Open(from)
		if err != nil {
			return err
		}
		defer in.Close()
		_, err = io.Copy(out, in)
		return err
	})
}

// databases writes every table of databases as of their snapshots.
func (w *writer) databases(ctx context.Context, s *snapshots, names []string) error {
	for _, name := range names {
		d := s.described[name]
		for i, table := range d.Tables {
			err := w.file(name+"/"+table.Name+".copy", func(out io.Writer) error {
				tag, err := s.open[name].Conn().PgConn().CopyTo(ctx, out, copyTo(table))
				d.Tables[i].Rows = tag.RowsAffected()
				return err
			})
			if err != nil {
				return fmt.Errorf("database %s: %w", name, err)
			}
		}
		w.manifest.Databases = append(w.manifest.Databases, d)
		w.say("%s: %s, %d tables", w.manifest.Piece, name, len(d.Tables))
	}
	return nil
}

func copyTo(t Table) string {
	return "COPY " + pgx.Identifier{t.Name}.Sanitize() + " (" + columnList(t) + ") TO STDOUT (FORMAT binary)"
}

func columnList(t Table) string {
	quoted := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		quoted[i] = pgx.Identifier{c}.Sanitize()
	}
	return strings.Join(quoted, ", ")
}

// errRotated is a root key that was replaced between the snapshot of the key database and the copy of the keystore.
var errRotated = errors.New("the root key was replaced while it was copied: run the backup again")

func rotated(err error) bool { return errors.Is(err, errRotated) }

// keystores copies the root keys and sees to it that the one that the key database's snapshot is under is among them.
func (w *writer) keystores(ctx context.Context, p Place, s *snapshots) error {
	for service, database := range holders {
		dir, here, err := p.keystoreDir(service)
		if err != nil {
			return err
		}
		if !here || s.open[database] == nil {
			continue
		}
		if err := w.keystore(service, dir); err != nil {
			return err
		}
		if err := holds(ctx, s.open[database], filepath.Join(w.dir, service)); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) keystore(service, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read the keystore of %s: %w", service, err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !name.MatchString(e.Name()) {
			continue // what is being written or removed just now
		}
		err := w.copy(filepath.Join(dir, e.Name()), service+"/"+e.Name())
		if errors.Is(err, os.ErrNotExist) {
			return errRotated
		}
		if err != nil {
			return err
		}
	}
	w.say("keystore: %s", service)
	return nil
}

// holds wants the root key of the snapshot's generation in the copy.
func holds(ctx context.Context, tx pgx.Tx, dir string) error {
	var current int64
	if err := tx.QueryRow(ctx, `SELECT current FROM key_generation`).Scan(&current); errors.Is(err, pgx.ErrNoRows) {
		return nil // nobody has opened it yet
	} else if err != nil {
		return fmt.Errorf("read the generation of the root key: %w", err)
	}
	store, err := keyring.FileStore(dir)
	if err != nil {
		return err
	}
	held, err := store.Generations(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(held, current) {
		return errRotated
	}
	return nil
}
