package backup

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
)

// Taking is one backup.
type Taking struct {
	Place  Place
	To     string // the folder of all backups
	Pieces []Piece
	Keep   time.Duration                    // how long (Pace) data are kept; the newest stays whatever its age
	Say    func(format string, args ...any) // progress
	Log    *slog.Logger
}

// Taken is what came of it.
type Taken struct {
	ID      string   `json:"id"`
	Pieces  []string `json:"pieces"` // folders
	Bytes   int64    `json:"bytes"`
	Removed []string `json:"removed"` // folders that are no more: too old, or not the newest
	OpenFor string   `json:"openFor"` // between the first snapshot and the last
}

// attempts bounds how often keys are read again because a rotation came between them and their keystore.
const attempts = 5

// Take makes the backup. A piece is there when it is whole; what an earlier attempt left half done is removed.
func (t *Taking) Take(ctx context.Context) (Taken, error) {
	taken := Taken{ID: idOf(clock.PaceNow()), Removed: []string{}}
	if err := os.MkdirAll(t.To, 0o700); err != nil {
		return taken, fmt.Errorf("make the folder of backups: %w", err)
	}
	snapshots, err := t.openAll(ctx)
	defer snapshots.close()
	if err != nil {
		return taken, err
	}
	taken.OpenFor = snapshots.span.String()
	for _, piece := range t.Pieces {
		made, err := t.piece(ctx, taken.ID, piece, snapshots)
		if err != nil {
			return taken, fmt.Errorf("back up %s: %w", piece, err)
		}
		if made.dir != "" {
			taken.Pieces, taken.Bytes = append(taken.Pieces, made.dir), taken.Bytes+made.bytes
		}
	}
	for _, piece := range t.Pieces {
		removed, err := t.prune(piece, taken.ID)
		if err != nil {
			return taken, err
		}
		taken.Removed = append(taken.Removed, removed...)
	}
	return taken, nil
}

// made is a piece that is whole.
type made struct {
	dir   string
	bytes int64
}

func (t *Taking) piece(ctx context.Context, id string, piece Piece, s *snapshots) (made, error) {
	if piece == Keystore {
		return made{}, nil // is taken with the keys
	}
	if len(t.Place.of(piece)) == 0 {
		return made{}, nil
	}
	if piece != Keys {
		return t.write(id, s.manifest(piece), func(w *writer) error {
			if err := w.databases(ctx, s, t.Place.of(piece)); err != nil {
				return err
			}
			if piece == Ledger && t.Place.LedgerKey != "" {
				return w.copy(t.Place.LedgerKey, "key/ledger")
			}
			return nil
		})
	}
	return t.keys(ctx, id, s)
}

// keys takes key databases and keystores so that they belong together, and the keystores first into place: keys without
// their keystore open nothing.
func (t *Taking) keys(ctx context.Context, id string, s *snapshots) (all made, err error) {
	for attempt := 1; ; attempt++ {
		var stores, keys made
		err = s.reopen(ctx, t.Place, t.Place.of(Keys))
		if err == nil && len(t.Place.Keystores) > 0 {
			stores, err = t.write(id, s.manifest(Keystore), func(w *writer) error { return w.keystores(ctx, t.Place, s) })
		}
		if err == nil {
			keys, err = t.write(id, s.manifest(Keys), func(w *writer) error { return w.databases(ctx, s, t.Place.of(Keys)) })
		}
		if err == nil {
			return made{keys.dir, keys.bytes + stores.bytes}, nil
		}
		if attempt == attempts || !rotated(err) {
			return all, err
		}
	}
}

// write makes a piece beside its place and puts it there when it is whole.
func (t *Taking) write(id string, m Manifest, fill func(*writer) error) (made, error) {
	folder := filepath.Join(t.To, string(m.Piece))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return made{}, fmt.Errorf("make the folder of a piece: %w", err)
	}
	if err := removeHalf(folder); err != nil {
		return made{}, err
	}
	half, whole := filepath.Join(folder, halfMark+id), filepath.Join(folder, id)
	m.Format, m.ID, m.TakenAt = Format, id, clock.PaceNow().UTC()
	w := &writer{dir: half, manifest: m, say: t.Say}
	if err := w.begin(); err != nil {
		return made{}, err
	}
	if err := fill(w); err != nil {
		_ = os.RemoveAll(half)
		return made{}, err
	}
	fault.Point("backup.filled")
	bytes, err := w.end()
	if err != nil {
		return made{}, err
	}
	if err := os.Rename(half, whole); err != nil {
		return made{}, fmt.Errorf("put a piece in its place: %w", err)
	}
	fault.Point("backup.placed")
	return made{whole, bytes}, syncDir(folder)
}

// halfMark begins the name of what is not whole; no id begins with it.
const halfMark = ".half-"

func removeHalf(folder string) error {
	left, err := filepath.Glob(filepath.Join(folder, halfMark+"*"))
	if err != nil {
		return err
	}
	for _, dir := range left {
		if err := overwrite(dir); err != nil {
			return err
		}
	}
	return nil
}

// IDs lists the whole copies of a piece, oldest first.
func IDs(backups string, piece Piece) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(backups, string(piece)))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list copies of %s: %w", piece, err)
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && idLike.MatchString(e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	slices.Sort(ids)
	return ids, nil
}
