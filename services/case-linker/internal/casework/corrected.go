package casework

import (
	"context"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// corrected puts the end of the last registration on the day on which it really was. It brings nobody back: once a time is
// over, what is left of a person does not depend on a date any more.
func (d *Desk) corrected(ctx context.Context, l line.Line) (change, error) {
	return d.lastDay(ctx, l, ending{corrects: true, write: store.CorrectDeregistration, kind: events.TypePersonCorrected, data: func(id uuid.UUID) any {
		return events.PersonCorrected{Person: id, Unit: id, Event: line.Deregistered, EffectiveOn: l.EffectiveOn.String(),
			DecidedAt: l.At, Reason: l.Reason}
	}})
}
