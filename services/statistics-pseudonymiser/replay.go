package statistics

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/restored"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/register"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Replay makes a store that came out of a backup keep what was promised since: rows of epochs that have ended go, every
// other row is separated, and analysts get all of them anew. Run comes after it.
func (s *Service) Replay(ctx context.Context) error {
	d := s.deps
	mark, marked, err := restored.Marked(ctx, d.DB)
	if err != nil || !marked {
		return err
	}
	if err := s.dropEnded(ctx); err != nil {
		return err
	}
	rows := &register.Register{Keys: keys.New(d.DB, d.Keys), Policy: d.Policy, Business: d.Clock}
	if err := rows.SeparateAll(ctx, d.DB, mark.TakenAt); err != nil {
		return err
	}
	for _, authority := range d.Policy.Authorities() {
		pack, _ := d.Policy.Pack(authority)
		night := pack.Midnight(pack.Today(d.Clock.Now()).AddDays(1))
		if err := pg.Tx(ctx, d.DB, func(tx pgx.Tx) error { return store.PublishAllAnew(ctx, tx, authority, night) }); err != nil {
			return err
		}
	}
	return restored.Finish(ctx, d.DB)
}

// dropEnded forgets what the keyring has destroyed.
func (s *Service) dropEnded(ctx context.Context) error {
	authorities, units, err := store.AllUses(ctx, s.deps.DB)
	if err != nil {
		return err
	}
	refs := make([]keyring.UnitRef, len(units))
	for i := range units {
		refs[i] = keyring.UnitRef{Authority: authorities[i], ID: units[i]}
	}
	held, err := s.deps.Keys.Units(ctx, refs)
	if err != nil {
		return err
	}
	var ended []uuid.UUID
	for _, ref := range refs {
		if unit, known := held[ref]; known && unit == nil {
			ended = append(ended, ref.ID)
		}
	}
	return pg.Tx(ctx, s.deps.DB, func(tx pgx.Tx) error { return store.DropUses(ctx, tx, ended) })
}
