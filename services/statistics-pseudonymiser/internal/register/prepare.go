package register

import (
	"context"

	"github.com/google/uuid"

	"gallra.se/libs/calendar"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/row"
)

// Each of these is called before the transaction that its namesake works in, and
// makes its keys ready. What was told of the row in the meantime, or before it,
// may ask for another key: then the namesake says keys.ErrUnready, and both are
// called again.

// PrepareRecord is before Record.
func (r *Register) PrepareRecord(ctx context.Context, authority string, e Recorded) error {
	if _, err := row.Record(uuid.Nil, authority, e.Epoch, "", nil, e.Fields); err != nil {
		return refuse(err)
	}
	return r.ready(ctx, authority, keys.EpochOf(authority, e.Epoch))
}

// PrepareWithdraw is before Withdraw.
func (r *Register) PrepareWithdraw(ctx context.Context, authority string) error {
	return r.ready(ctx, authority)
}

// PrepareSeparate is before Separate.
func (r *Register) PrepareSeparate(ctx context.Context, authority string, on calendar.Date) error {
	return r.ready(ctx, authority, keys.DayOf(authority, on))
}

func (r *Register) ready(ctx context.Context, authority string, uses ...keys.Use) error {
	if _, known := r.Policy.Pack(authority); !known {
		return errAuthority
	}
	return r.Keys.Ready(ctx, append(uses, keys.RowOf(authority))...)
}
