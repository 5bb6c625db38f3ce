package backup

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/restored"
)

// Restoring brings copies back into an empty place. Data may be of any day; of everything else only the newest copy is right.
type Restoring struct {
	Place                                    Place
	Data, Statistics, Keys, Keystore, Ledger *Copy  // nil: is not brought back
	KeyCopy                                  string // second medium, instead of Keys; empty: none
	Say                                      func(format string, args ...any)
}

// ErrApart is copies that do not belong together.
var ErrApart = errors.New("these copies do not belong together")

// Into brings everything back: what decides over the rest first, the data last. After a fault the place is to be emptied.
func (r *Restoring) Into(ctx context.Context) error {
	for _, step := range []func(context.Context) error{r.keystores, r.keys, r.ledger, r.statistics, r.data} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *Restoring) keystores(context.Context) error {
	if r.Keystore == nil {
		return nil
	}
	for service := range holders {
		dir := r.Place.Keystores[service]
		if dir == "" {
			continue
		}
		if err := r.Keystore.put(service, dir); err != nil {
			return fmt.Errorf("bring back the keystore of %s: %w", service, err)
		}
		r.Say("keystore: %s", service)
	}
	fault.Point("restore.keystore")
	return nil
}

// keys brings the key databases back and opens each with its keystore: what does not open is not gone on with.
func (r *Restoring) keys(ctx context.Context) error {
	if r.Keys == nil && r.KeyCopy == "" {
		return nil
	}
	for service, database := range holders {
		url := r.Place.Databases[database]
		if url == "" {
			continue
		}
		if err := r.keyDatabase(ctx, service, database, url); err != nil {
			return err
		}
		if err := r.opens(ctx, service, url); err != nil {
			return err
		}
		r.Say("keys: %s opens with its keystore", database)
	}
	fault.Point("restore.keys")
	return nil
}

func (r *Restoring) keyDatabase(ctx context.Context, service, database, url string) error {
	if r.KeyCopy == "" {
		return r.Keys.load(ctx, url, database, anewSwept)
	}
	if err := empty(ctx, url); err != nil {
		return fmt.Errorf("database %s %w", database, err)
	}
	if err := pg.MigrateAll(ctx, url, migrations(database)...); err != nil {
		return err
	}
	pool, err := pg.Open(ctx, url, pg.MaxConns(4))
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := keyring.RestoreCopy(ctx, filepath.Join(r.KeyCopy, service), pool); err != nil {
		return fmt.Errorf("bring back %s from its second medium: %w", database, err)
	}
	return nil
}

// anewSwept has keys without a row looked for from the beginning: what was stored after the data's backup has none now.
func anewSwept(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM key_sweep`)
	return err
}

func (r *Restoring) opens(ctx context.Context, service, url string) error {
	dir, here, err := r.Place.keystoreDir(service)
	if err != nil || !here {
		return err
	}
	pool, err := pg.Open(ctx, url, pg.MaxConns(4))
	if err != nil {
		return err
	}
	defer pool.Close()
	store, err := keyring.FileStore(dir)
	if err != nil {
		return err
	}
	if _, err := keyring.Open(ctx, pool, store); err != nil {
		return fmt.Errorf("the key database of %s and its keystore: %w: %w", service, ErrApart, err)
	}
	return nil
}

func (r *Restoring) ledger(ctx context.Context) error {
	if r.Ledger == nil {
		return nil
	}
	for _, name := range r.Place.of(Ledger) {
		finish := nothing
		if name == "ledger" {
			finish = func(ctx context.Context, tx pgx.Tx) error {
				if err := r.goesOn(ctx, tx); err != nil {
					return err
				}
				return ofNewest(ctx, tx)
			}
		}
		if err := r.Ledger.load(ctx, r.Place.Databases[name], name, finish); err != nil {
			return err
		}
		r.Say("ledger: %s", name)
	}
	if r.Place.LedgerKey != "" {
		if err := r.Ledger.putFile("key/ledger", r.Place.LedgerKey); err != nil {
			return err
		}
	}
	fault.Point("restore.ledger")
	return nil
}

// goesOn wants the log to have the leaves, and no others in their place, that the data's backup knew of.
func (r *Restoring) goesOn(ctx context.Context, tx pgx.Tx) error {
	if r.Data == nil {
		return nil
	}
	return Extends(ctx, tx, r.Data.Manifest.Checkpoint)
}

func (r *Restoring) statistics(ctx context.Context) error {
	return r.marked(ctx, r.Statistics, Statistics, func(ctx context.Context, tx pgx.Tx) error { return ofNewest(ctx, tx) })
}

func (r *Restoring) data(ctx context.Context) error { return r.marked(ctx, r.Data, Data, ofOld) }

// marked brings the databases of a piece back with the mark that keeps their readers away.
func (r *Restoring) marked(ctx context.Context, c *Copy, piece Piece, finish func(context.Context, pgx.Tx) error) error {
	if c == nil {
		return nil
	}
	m := restored.Mark{Backup: c.Manifest.ID, TakenAt: c.Manifest.BusinessAt, Behind: c.Manifest.Checkpoint.Size}
	for _, name := range r.Place.of(piece) {
		url := r.Place.Databases[name]
		err := c.load(ctx, url, name, func(ctx context.Context, tx pgx.Tx) error {
			if err := finish(ctx, tx); err != nil {
				return err
			}
			return putMark(ctx, tx, m)
		})
		if err != nil {
			return err
		}
		if err := ensureMark(ctx, url, m); err != nil {
			return fmt.Errorf("database %s: %w", name, err)
		}
		r.Say("%s: %s", piece, name)
		fault.Point("restore." + string(piece))
	}
	return nil
}

// putMark marks the database in the transaction that fills it, unless the backup is older than the mark's table.
func putMark(ctx context.Context, tx pgx.Tx, m restored.Mark) error {
	var there bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass('`+restored.Table+`') IS NOT NULL`).Scan(&there); err != nil || !there {
		return err
	}
	return restored.Put(ctx, tx, m)
}

func ensureMark(ctx context.Context, url string, m restored.Mark) error {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return restored.Put(ctx, conn, m)
}

func nothing(context.Context, pgx.Tx) error { return nil }

// ofOld has all that was ever published, as far as it is kept, published again: the streams begin empty, and every inbox
// knows what it has applied.
func ofOld(ctx context.Context, tx pgx.Tx) error {
	for table, statement := range map[string]string{
		"outbox_transport_key": `DELETE FROM outbox_transport_key`, // of a key that nobody here knows its receiver closes anew
		"outbox":               `UPDATE outbox SET sent_at = NULL WHERE sent_at IS NOT NULL`,
		"bus_position":         `DELETE FROM bus_position`, // of streams that are no more
	} {
		if err := where(ctx, tx, table, statement); err != nil {
			return err
		}
	}
	return nil
}

// ofNewest is ofOld for what knows more than the producers that it reads from: their counts of what they tell about a key
// begin again where the older backup has them.
func ofNewest(ctx context.Context, tx pgx.Tx) error {
	if err := where(ctx, tx, "bus_inbox", `UPDATE bus_inbox SET stream = NULL, key = NULL, version = NULL WHERE version IS NOT NULL`); err != nil {
		return err
	}
	return ofOld(ctx, tx)
}

func where(ctx context.Context, tx pgx.Tx, table, statement string) error {
	var there bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, table).Scan(&there); err != nil || !there {
		return err
	}
	_, err := tx.Exec(ctx, statement)
	return err
}
