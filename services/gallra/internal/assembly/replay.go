package assembly

import (
	"context"
	"fmt"

	"gallra.se/libs/restored"
)

// replayer is a service whose database may come out of a backup.
type replayer interface {
	Replay(ctx context.Context) error
}

// made is the service, built once its database bears no mark of a restore. Until then it answers, at the same door, that it
// is not ready, and replays what was destroyed since the backup.
func made(ctx context.Context, p *parts, plan blueprint) (service, error) {
	running, err := plan.build(p)
	if err != nil {
		return nil, fmt.Errorf("build %s: %w", p.Service, err)
	}
	restoredOne, ok := running.(replayer)
	if !ok {
		return running, nil
	}
	_, marked, err := restored.Marked(ctx, p.DB)
	if err != nil || !marked {
		return running, err
	}
	door := newDoorway(p.Listener)
	gate := &restored.Gate{DB: p.DB, Listener: door.lease(), Log: p.Log, Replay: restoredOne.Replay}
	if err := gate.Pass(ctx); err != nil {
		return nil, fmt.Errorf("replay %s: %w", p.Service, err)
	}
	p.Listener = door.lease()
	return plan.build(p)
}
