package pg

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// MigrateTo brings an empty database up to one migration of a set and no further: the tables of a backup that an older
// program made. A version that this program does not know is ErrNewerSchema.
func MigrateTo(ctx context.Context, url string, set Migration, version int64) error {
	sub, err := fs.Sub(set.FS, set.Dir)
	if err != nil {
		return fmt.Errorf("find migrations %s: %w", set.Table, err)
	}
	db, err := sql.Open("pgx", url)
	if err != nil {
		return fmt.Errorf("open database for %s: %w", set.Table, err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, sub, goose.WithTableName(set.Table), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations %s: %w", set.Table, err)
	}
	known := int64(0)
	for _, source := range provider.ListSources() {
		known = max(known, source.Version)
	}
	if version > known {
		return fmt.Errorf("%s is at %d, this gallra knows %d: %w", set.Table, version, known, ErrNewerSchema)
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return fmt.Errorf("run migrations %s: %w", set.Table, explained(err))
	}
	return nil
}
