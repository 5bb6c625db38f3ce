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

	"github.com/jackc/pgx/v5"
)

// copyTable is a table of the key database.
type copyTable struct {
	name    string
	columns []string
}

// copyTables lists the tables of the key database, whatever a later migration has
// added to them.
func copyTables(ctx context.Context, tx pgx.Tx) ([]copyTable, error) {
	rows, err := tx.Query(ctx, `SELECT t.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position)
		FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
		WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND t.table_name LIKE 'key\_%'
		AND c.is_generated = 'NEVER' GROUP BY 1 ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	tables, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t copyTable, err error) {
		err = row.Scan(&t.name, &t.columns)
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	return tables, nil
}

// incremental are the tables that grow with what is kept.
func incremental(table string) bool { return table == "key_unit" || table == "key_lookup" }

// rowsSince is the query for the rows that changed in a generation or later. Whoever
// changes a unit notes it at its page, whose units are then told together.
func (t *copyTable) rowsSince(since int64) string {
	all := "t." + strings.Join(t.columns, ", t.")
	if since == 0 || !incremental(t.name) {
		return fmt.Sprintf(`SELECT %s FROM %s t`, all, t.name)
	}
	if t.name == "key_unit" {
		return fmt.Sprintf(`SELECT %[1]s FROM key_page p JOIN key_unit t ON t.page = p.id WHERE p.changed >= %[2]d AND NOT p.special
			UNION ALL SELECT %[1]s FROM key_unit t WHERE t.page IS NULL AND t.ended >= %[2]d`, all, since)
	}
	return fmt.Sprintf(`SELECT %s FROM key_page p JOIN key_lookup t ON t.page = p.id AND t.changed >= %d WHERE p.special`, all, since)
}

// writeTableFile writes rows to a new file, durably.
func writeTableFile(ctx context.Context, tx pgx.Tx, dir string, table copyTable, since, generation int64) (f copyFile, err error) {
	f = copyFile{Name: newCopyName(table.name, generation), Table: table.name, Columns: table.columns, Since: since}
	file, err := os.OpenFile(filepath.Join(dir, f.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return f, fmt.Errorf("write copy: %w", err)
	}
	defer file.Close()
	digest, counted := sha256.New(), &counter{}
	tag, err := tx.Conn().PgConn().CopyTo(ctx, io.MultiWriter(file, digest, counted),
		fmt.Sprintf(`COPY (%s) TO STDOUT (FORMAT binary)`, table.rowsSince(since)))
	if err != nil {
		return f, fmt.Errorf("copy %s: %w", table.name, err)
	}
	if err := file.Sync(); err != nil {
		return f, fmt.Errorf("write copy: %w", err)
	}
	f.Rows, f.Bytes, f.SHA256 = tag.RowsAffected(), counted.n, hex.EncodeToString(digest.Sum(nil))
	return f, nil
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
