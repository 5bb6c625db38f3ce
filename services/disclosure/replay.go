package disclosure

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/libs/pg"
	"gallra.se/libs/restored"
	"gallra.se/services/disclosure/internal/store"
)

// Replay notes, in a database that came out of a backup, what was delivered since. Run comes after it.
func (s *Service) Replay(ctx context.Context) error {
	err := restored.Hear(ctx, s.deps.DB, restored.Over(s.deps.NC, "ask.ledger.disposals", bus.HeaderProblem))
	if err != nil {
		return err
	}
	if err := pg.Tx(ctx, s.deps.DB, func(tx pgx.Tx) error { return store.Redeliver(ctx, tx) }); err != nil {
		return err
	}
	return restored.Finish(ctx, s.deps.DB)
}
