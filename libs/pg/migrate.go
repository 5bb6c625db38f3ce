package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx" for goose
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migration is one set of migrations: the files in FS/Dir, whose progress is
// kept in Table of the database that they are run on.
type Migration struct {
	FS    fs.FS
	Dir   string
	Table string
}

// MigrateAll runs several sets on one database, in order. They share their connections: a new one costs more than to look
// whether there is anything to do.
func MigrateAll(ctx context.Context, url string, sets ...Migration) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return fmt.Errorf("open database for its migrations: %w", err)
	}
	defer db.Close()
	for _, set := range sets {
		if err := migrate(ctx, db, set.FS, set.Dir, set.Table); err != nil {
			return err
		}
	}
	return nil
}

// Migrate brings the database at url up to the last migration of fsys/dir.
// Instances that start together wait for each other: one session lock.
func Migrate(ctx context.Context, url string, fsys fs.FS, dir, versionTable string) error {
	return MigrateAll(ctx, url, Migration{FS: fsys, Dir: dir, Table: versionTable})
}

func migrate(ctx context.Context, db *sql.DB, fsys fs.FS, dir, versionTable string) error {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		return fmt.Errorf("find migrations %s: %w", versionTable, err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
	if err != nil {
		return fmt.Errorf("prepare migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, sub,
		goose.WithTableName(versionTable),
		goose.WithSessionLocker(locker),
		goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations %s: %w", versionTable, err)
	}
	if err := notNewer(ctx, db, provider, versionTable); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("run migrations %s: %w", versionTable, explained(err))
	}
	return nil
}

// ErrNewerSchema is a database that a later version of this program has been at work on.
var ErrNewerSchema = errors.New("the database belongs to a newer gallra: start that one again, or restore a backup from before the upgrade")

// notNewer refuses a database that holds migrations which this binary does not know: it
// would read and write tables that mean something else by now.
func notNewer(ctx context.Context, db *sql.DB, provider *goose.Provider, versionTable string) error {
	known := int64(0)
	for _, source := range provider.ListSources() {
		known = max(known, source.Version)
	}
	var there bool
	if err := db.QueryRowContext(ctx, `SELECT to_regclass(quote_ident($1)) IS NOT NULL`, versionTable).Scan(&there); err != nil {
		return fmt.Errorf("look at migrations %s: %w", versionTable, explained(err))
	}
	if !there {
		return nil
	}
	at, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("look at migrations %s: %w", versionTable, explained(err))
	}
	if at > known {
		return fmt.Errorf("%s is at %d, this gallra knows %d: %w", versionTable, at, known, ErrNewerSchema)
	}
	return nil
}
