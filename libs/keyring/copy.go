package keyring

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
)

// The copy on the second medium is a manifest and the files that it names: each
// small table whole, units and look-up entries as a base and what has changed
// since. A sweep of one record adds its page's units, and the page tables. As in
// the key database, all of it hangs on the root key of one generation: what the
// files of before held opens nothing once the old root is gone.
//
// A copy is written beside the one that counts, read back and tried, and counts
// when the manifest has been replaced; only then do the files of before go.

// ErrCopy says that a directory's copy is damaged or is that of another key
// database.
var ErrCopy = errors.New("copy of the key database does not serve")

// copyLock keeps copiers apart; a rotation takes it under its own lock.
const copyLock = lockID + 1

// CopyNow adds to the copy what was made since; without CopyTo it does nothing.
// Writers do not wait.
func (r *Ring) CopyNow(ctx context.Context) error {
	if r.copies == "" {
		return nil
	}
	conn, err := r.db.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect to key database: %w", err)
	}
	defer conn.Release()
	return r.copy(ctx, conn, func(*manifest, int64) bool { return true })
}

// copyBehind copies unless the copy is of the generation already.
func (r *Ring) copyBehind(ctx context.Context, conn *pgxpool.Conn, generation int64) error {
	if r.copies == "" {
		return nil
	}
	return r.copy(ctx, conn, func(last *manifest, now int64) bool { return last.Generation != now })
}

func (r *Ring) copy(ctx context.Context, conn *pgxpool.Conn, wanted func(last *manifest, now int64) bool) (err error) {
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(copyLock)); err != nil {
		return fmt.Errorf("lock copy of key database: %w", err)
	}
	defer func() {
		if _, err := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(copyLock)); err != nil {
			conn.Conn().Close(context.WithoutCancel(ctx))
		}
	}()
	err = r.copyOn(ctx, conn, wanted)
	if err != nil {
		return fmt.Errorf("copy key database to %s: %w", r.copies, err)
	}
	return nil
}

// copyOn writes what is wanted, tries it, and makes it the copy that counts.
func (r *Ring) copyOn(ctx context.Context, conn *pgxpool.Conn, wanted func(last *manifest, now int64) bool) error {
	var fresh []copyFile
	now := manifest{Format: copyFormat, At: clock.PaceNow().UTC()}
	err := pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT current, home FROM key_generation`).Scan(&now.Generation, &now.Home); err != nil {
			return fmt.Errorf("read generation: %w", err)
		}
		last, err := r.lastCopy(now.Home)
		if err != nil || !wanted(last, now.Generation) {
			return err
		}
		fresh, err = r.writeFiles(ctx, tx, last, &now)
		return err
	})
	if err != nil || fresh == nil {
		return err
	}
	root, err := r.root(ctx, now.Generation)
	if err != nil {
		return err
	}
	if err := tryCopy(r.copies, fresh, now.Generation, &root); err != nil {
		return err
	}
	fault.Point("keyring.copying")
	if err := r.step("copying"); err != nil {
		return err
	}
	if err := now.write(r.copies); err != nil {
		return err
	}
	return now.removeOthers(r.copies)
}

// lastCopy is the manifest that counts, or an empty one. The files that it names
// must be there; a process looks into them once.
func (r *Ring) lastCopy(home uuid.UUID) (*manifest, error) {
	last, err := readManifest(r.copies)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &manifest{}, makeCopyDir(r.copies)
	case err != nil:
		return nil, err
	case last.Home != home:
		return nil, fmt.Errorf("%w: the directory holds that of another key database; give each its own, and empty the directory of one that is no more", ErrCopy)
	}
	if last.damaged(r.copies, !r.copySeen.Swap(true)) {
		return &manifest{Home: home}, nil // all of it is written anew
	}
	return last, nil
}

// writeFiles writes each table, or what has changed in it since the last copy, and
// notes in now of which files the copy consists.
func (r *Ring) writeFiles(ctx context.Context, tx pgx.Tx, last, now *manifest) (fresh []copyFile, err error) {
	tables, err := copyTables(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		kept, since := last.parts(table.name, r.copyBase)
		file, err := writeTableFile(ctx, tx, r.copies, table, since, now.Generation)
		if err != nil {
			return nil, err
		}
		fresh = append(fresh, file)
		now.Files = append(append(now.Files, kept...), file)
	}
	return fresh, syncCopies(r.copies)
}
