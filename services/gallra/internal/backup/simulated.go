package backup

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/jackc/pgx/v5"

	"gallra.se/services/gallra/internal/sim"
)

// Simulated plays backup and restore in a simulated deployment (sim.Backups).
type Simulated struct {
	Place Place
	Dir   string // where its backups lie
	Log   *slog.Logger
}

// aside is where the newest keys and ledger lie while a restore goes on.
func (s Simulated) aside() string { return filepath.Join(s.Dir, "aside") }

func (s Simulated) say(format string, args ...any) {
	s.Log.Info("backup", "did", fmt.Sprintf(format, args...))
}

// Take backs up what the services know.
func (s Simulated) Take(ctx context.Context) (string, error) {
	taken, err := (&Taking{Place: s.Place, To: s.Dir, Pieces: []Piece{Data}, Say: s.say, Log: s.Log}).Take(ctx)
	return taken.ID, err
}

// SetAside keeps what must be the newest. What an earlier restore left there is older.
func (s Simulated) SetAside(ctx context.Context) error {
	if err := overwriteIfThere(s.aside()); err != nil {
		return err
	}
	_, err := (&Taking{Place: s.moved(), To: s.aside(), Pieces: []Piece{Ledger, Keys, Keystore}, Say: s.say, Log: s.Log}).Take(ctx)
	return err
}

// Load brings it back with the data of a copy.
func (s Simulated) Load(ctx context.Context, id string) error {
	ids, err := IDs(s.Dir, Data)
	if err != nil {
		return err
	}
	if !slices.Contains(ids, id) {
		return sim.ErrUnknownBackup
	}
	copies, err := Chosen{Backups: s.aside(), Data: filepath.Join(s.Dir, string(Data), id)}.Open()
	if err != nil {
		return err
	}
	defer copies.Close()
	copies.Place, copies.Say = s.moved(), s.say
	if err := copies.Into(ctx); err != nil {
		return err
	}
	return overwriteIfThere(s.aside())
}

// Known says whether there is a copy of the data, before anything is emptied.
func (s Simulated) Known(_ context.Context, id string) (bool, error) {
	ids, err := IDs(s.Dir, Data)
	return slices.Contains(ids, id), err
}

// moved is what a restore empties and fills: neither statistics nor the clock, which goes on.
func (s Simulated) moved() Place {
	p := Place{Databases: maps.Clone(s.Place.Databases), Keystores: maps.Clone(s.Place.Keystores), LedgerKey: s.Place.LedgerKey}
	for _, name := range []string{"statistics", "statistics_keys", "clock"} {
		delete(p.Databases, name)
	}
	delete(p.Keystores, "statistics-pseudonymiser")
	return p
}

func overwriteIfThere(dir string) error {
	if _, err := os.Lstat(dir); os.IsNotExist(err) {
		return nil
	}
	return overwrite(dir)
}

// Rewind sets every position back.
func (s Simulated) Rewind(ctx context.Context, from uint64) error {
	for _, name := range slices.Sorted(maps.Keys(s.Place.Databases)) {
		conn, err := connect(ctx, s.Place.Databases[name])
		if err != nil {
			return fmt.Errorf("connect to database %s: %w", name, err)
		}
		err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return rewind(ctx, tx, from) })
		_ = conn.Close(context.WithoutCancel(ctx))
		if err != nil {
			return fmt.Errorf("set the positions of %s back: %w", name, err)
		}
	}
	return nil
}

func rewind(ctx context.Context, tx pgx.Tx, from uint64) error {
	var there bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass('bus_position') IS NOT NULL`).Scan(&there); err != nil || !there {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE bus_position SET seq = least(seq, $1::bigint - 1)`, int64(from))
	return err
}
