package caselinker

import (
	"context"

	"gallra.se/libs/bus"
	"gallra.se/libs/restored"
	"gallra.se/services/case-linker/internal/replay"
)

// Replay carries out, on a database that came out of a backup, what was destroyed since. Run comes after it.
func (s *Service) Replay(ctx context.Context) error {
	d := s.deps
	return (&replay.Desk{DB: d.DB, Keys: d.Keys, Worker: s.worker,
		Witness: restored.Over(d.NC, "ask.ledger.disposals", bus.HeaderProblem)}).Run(ctx)
}
