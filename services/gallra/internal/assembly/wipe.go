package assembly

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
)

// errLiving says that what is in use is not emptied.
var errLiving = errors.New("the service is at work")

// wipe empties what the service keeps: databases, keystore, signing key. A service does
// not start with a keystore and without its key database, or the other way round, and no
// stroke empties both: a mark beside the keys says that it is to be finished.
func (l *lives) wipe(ctx context.Context) error {
	if l.obey(time.Time{}).Living {
		return errLiving
	}
	return alone(ctx, l.config, func() error {
		if err := mark(l.config); err != nil {
			return err
		}
		return empty(ctx, l.config)
	})
}

// finishWipe does what an instance that died over a wipe has left to do.
func finishWipe(ctx context.Context, c Config) error {
	if !marked(c) {
		return nil
	}
	return alone(ctx, c, func() error {
		if !marked(c) { // another instance was faster
			return nil
		}
		return empty(ctx, c)
	})
}

// alone does something that the instances of a service must not do at the same time.
func alone(ctx context.Context, c Config, do func() error) error {
	if c.Database == "" {
		return nil
	}
	pool, err := pg.Open(ctx, c.Database, pg.MaxConns(1))
	if err != nil {
		return err
	}
	defer pool.Close() // and with it the lock
	if _, err := pool.Exec(ctx, `SELECT pg_advisory_lock(hashtext('gallra wipe'))`); err != nil {
		return fmt.Errorf("wait for other instances: %w", err)
	}
	return do()
}

func empty(ctx context.Context, c Config) error {
	for _, url := range []string{c.Database, c.KeyDatabase} {
		if err := emptyDatabase(ctx, url); err != nil {
			return err
		}
	}
	if c.LedgerKey != "" {
		if err := os.Remove(c.LedgerKey); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove signing key: %w", err)
		}
	}
	if c.Keystore.At == "" {
		return nil
	}
	if err := c.Keystore.empty(ctx, c.Service); err != nil {
		return err
	}
	path, err := wipeMark(c)
	if err != nil {
		return err
	}
	return os.Remove(path)
}

// emptyDatabase leaves the database as it was made. Who still has a transaction open is
// waited for, but not for ever.
func emptyDatabase(ctx context.Context, url string) error {
	if url == "" {
		return nil
	}
	pool, err := pg.Open(ctx, url, pg.MaxConns(1))
	if err != nil {
		return err
	}
	defer pool.Close()
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		for _, statement := range []string{`SET LOCAL lock_timeout = '10s'`, `DROP SCHEMA public CASCADE`, `CREATE SCHEMA public`} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("empty database: %w", err)
			}
		}
		return nil
	})
}

func wipeMark(c Config) (string, error) {
	dir, err := c.Keystore.dir()
	return filepath.Join(dir, "wiping"), err
}

func marked(c Config) bool {
	if c.Keystore.At == "" {
		return false
	}
	path, err := wipeMark(c)
	if err != nil {
		return false
	}
	_, err = os.Stat(path)
	return err == nil
}

func mark(c Config) error {
	if c.Keystore.At == "" {
		return nil
	}
	path, err := wipeMark(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make keystore: %w", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return fmt.Errorf("mark that the keystore is being emptied: %w", err)
	}
	return nil
}
