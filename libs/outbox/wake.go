package outbox

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/clock"
)

// wakeSubject is where the instances of a service that do not lead say that they have
// committed events. It is core NATS: what is lost there, the next poll finds.
func (r *Relay) wakeSubject() string { return "outbox.wake." + r.box.cfg.Service }

// standBy waits for the next attempt to lead, and wakes the leader for what is committed
// here meanwhile.
func (r *Relay) standBy(ctx context.Context) error {
	again := clock.After(r.poll)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again:
			return nil
		case <-r.box.wake:
			if err := r.nc.Publish(r.wakeSubject(), nil); err != nil {
				r.log.DebugContext(ctx, "leading relay not woken", "error", err.Error())
			}
		}
	}
}

// listen tells of what other instances commit, until stop.
func (r *Relay) listen() (woken <-chan struct{}, stop func(), err error) {
	signal := make(chan struct{}, 1)
	sub, err := r.nc.Subscribe(r.wakeSubject(), func(*nats.Msg) {
		select {
		case signal <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return nil, nil, fmt.Errorf("listen for other instances: %w", err)
	}
	return signal, func() { _ = sub.Unsubscribe() }, nil
}
