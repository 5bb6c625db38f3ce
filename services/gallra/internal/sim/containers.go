package sim

import (
	"context"
	"fmt"
	"slices"

	"gallra.se/libs/clock"
)

// Containers stops and starts services whose processes somebody else looks after: an
// instance ends itself as a crash would, is started again by its container's restart
// policy, and then waits until it may begin.
type Containers struct{ *Instances }

// Kill returns when no instance of the service lives.
func (c Containers) Kill(ctx context.Context, service string) error {
	if !slices.Contains(c.services, service) {
		return ErrUnknownService
	}
	c.gate.keep(service, true)
	for {
		dying, err := c.round(ctx, []string{SubjectKill(service)}, struct{}{}, 1)
		if err != nil || len(dying) == 0 {
			return err
		}
		if err := clock.Sleep(ctx, betweenLooks); err != nil {
			return fmt.Errorf("kill %s: %w", service, err)
		}
	}
}

// Start lets the service's instances begin.
func (c Containers) Start(_ context.Context, service string) error {
	if !slices.Contains(c.services, service) {
		return ErrUnknownService
	}
	c.gate.keep(service, false)
	return nil
}
