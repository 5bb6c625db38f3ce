package retentiontimer

import (
	"context"

	"gallra.se/libs/bus"
	"gallra.se/libs/restored"
	"gallra.se/services/retention-timer/internal/replay"
)

// Replay notes, in a database that came out of a backup, which units are gone since. Run comes after it.
func (s *Service) Replay(ctx context.Context) error {
	return replay.Run(ctx, s.deps.DB, restored.Over(s.deps.NC, "ask.ledger.disposals", bus.HeaderProblem))
}
