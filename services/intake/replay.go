package intake

import (
	"context"

	"gallra.se/libs/bus"
	"gallra.se/libs/outbox"
	"gallra.se/libs/restored"
	"gallra.se/services/intake/internal/disposal"
	"gallra.se/services/intake/internal/replay"
)

// Replay carries out, on a database that came out of a backup, what was destroyed since. Run comes after it.
func (s *Service) Replay(ctx context.Context) error {
	d := s.deps
	box := outbox.New(outbox.Config{Service: Name, Context: ownContext, Stream: ownStream, Business: d.Clock})
	return (&replay.Desk{DB: d.DB, Keys: d.Keys, Worker: &disposal.Worker{DB: d.DB, Keys: d.Keys, Box: box, Business: d.Clock},
		Witness: restored.Over(d.NC, "ask.ledger.disposals", bus.HeaderProblem)}).Run(ctx)
}
