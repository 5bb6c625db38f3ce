package keyring

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gallra.se/libs/pg"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// RestoreCopy makes a key database of the copy in dir: its tables must be there
// (Migration) and empty. With the keystore of today, and no other, it opens every
// unit that lived when the copy was made. It restores all or nothing.
func RestoreCopy(ctx context.Context, dir string, keyDB *pgxpool.Pool) error {
	m, err := readManifest(dir)
	if err != nil {
		return fmt.Errorf("restore key database: %w", err)
	}
	err = pg.Once(ctx, keyDB, func(tx pgx.Tx) error {
		if err := mustBeEmpty(ctx, tx); err != nil {
			return err
		}
		for _, file := range m.Files {
			if err := restoreFile(ctx, tx, dir, &file); err != nil {
				return fmt.Errorf("restore %s: %w", file.Name, err)
			}
		}
		if err := dropOvertaken(ctx, tx); err != nil {
			return err
		}
		return mustBeWhole(ctx, tx, m)
	})
	if err != nil {
		return fmt.Errorf("restore key database: %w", err)
	}
	return nil
}

func mustBeEmpty(ctx context.Context, tx pgx.Tx) error {
	tables, err := copyTables(ctx, tx)
	if err != nil {
		return err
	}
	if len(tables) == 0 {
		return fmt.Errorf("the key database has no tables yet; migrate it first")
	}
	for _, table := range tables {
		var any bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM `+table.name+`)`).Scan(&any); err != nil {
			return fmt.Errorf("look into %s: %w", table.name, err)
		}
		if any {
			return fmt.Errorf("the key database is not empty (%s); restore into a new one", table.name)
		}
	}
	return nil
}

// restoreFile reads a file into its table by way of a temporary one: a later row of
// the same key overtakes an earlier one.
func restoreFile(ctx context.Context, tx pgx.Tx, dir string, f *copyFile) error {
	columns := strings.Join(f.Columns, ", ")
	_, err := tx.Exec(ctx, fmt.Sprintf(`CREATE TEMP TABLE arriving ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA`, columns, f.Table))
	if err != nil {
		return err
	}
	if err := copyFrom(ctx, tx, dir, f, fmt.Sprintf(`COPY arriving (%s) FROM STDIN (FORMAT binary)`, columns)); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	if incremental(f.Table) && f.Since > 0 {
		key := map[string]string{"key_unit": "authority, unit", "key_lookup": "authority, purpose, mac"}[f.Table]
		batch.Queue(fmt.Sprintf(`DELETE FROM %s WHERE (%s) IN (SELECT %s FROM arriving)`, f.Table, key, key))
	}
	batch.Queue(fmt.Sprintf(`INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM arriving`, f.Table, columns, columns))
	batch.Queue(`DROP TABLE arriving`)
	return tx.SendBatch(ctx, batch).Close()
}

// copyFrom believes the rows once it has seen all of them.
func copyFrom(ctx context.Context, tx pgx.Tx, dir string, f *copyFile, statement string) error {
	file, err := os.Open(filepath.Join(dir, f.Name))
	if err != nil {
		return err
	}
	defer file.Close()
	digest := sha256.New()
	tag, err := tx.Conn().PgConn().CopyFrom(ctx, io.TeeReader(file, digest), statement)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCopy, err)
	}
	if _, err := io.Copy(digest, file); err != nil {
		return err
	}
	if tag.RowsAffected() != f.Rows || hex.EncodeToString(digest.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("%w: the file is not what was written", ErrCopy)
	}
	return nil
}

// dropOvertaken deletes entries that an earlier file told and that were rewritten,
// moved or forgotten since, and lets counters go on where they were.
func dropOvertaken(ctx context.Context, tx pgx.Tx) error {
	batch := &pgx.Batch{}
	batch.Queue(`DELETE FROM key_lookup l WHERE l.page IS NOT NULL
		AND NOT EXISTS (SELECT FROM key_page p WHERE p.id = l.page AND p.changed <= l.changed)`)
	batch.Queue(`DELETE FROM key_lookup l
		WHERE NOT EXISTS (SELECT FROM key_unit u WHERE u.authority = l.authority AND u.unit = l.unit AND u.page IS NOT NULL)`)
	batch.Queue(`SELECT setval(pg_get_serial_sequence('key_transport', 'made'), max(made)) FROM key_transport HAVING max(made) IS NOT NULL`)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("drop overtaken rows: %w", err)
	}
	return nil
}

// mustBeWhole compares what came with what the copy says of itself.
func mustBeWhole(ctx context.Context, tx pgx.Tx, m *manifest) error {
	var generation int64
	err := tx.QueryRow(ctx, `SELECT current FROM key_generation WHERE home = $1`, m.Home).Scan(&generation)
	if err != nil {
		return fmt.Errorf("%w: no generation came: %w", ErrCopy, err)
	}
	var amiss int
	err = tx.QueryRow(ctx, `WITH living AS (SELECT page, count(*) AS n FROM key_unit WHERE page IS NOT NULL GROUP BY page)
		SELECT count(*) FROM key_page p FULL JOIN living l ON l.page = p.id
		WHERE p.id IS NULL OR NOT p.special AND p.units <> coalesce(l.n, 0)`).Scan(&amiss)
	if err != nil {
		return fmt.Errorf("count units: %w", err)
	}
	if generation != m.Generation || amiss > 0 {
		return fmt.Errorf("%w: generation %d of %d came, %d pages lack units", ErrCopy, generation, m.Generation, amiss)
	}
	return nil
}
