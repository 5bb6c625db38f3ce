package register

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/publish/subject"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// Withdraw removes the token's row, here and from the analysts' stream, or
// remembers not to make it.
func (r *Register) Withdraw(ctx context.Context, tx pgx.Tx, authority string, token pseudonym.Token) error {
	d, err := r.at(ctx, tx, authority, token)
	if err != nil {
		return err
	}
	kept, found, err := store.Linked(ctx, tx, authority, d.mac)
	if err != nil {
		return err
	}
	if !found {
		return store.Remember(ctx, tx, authority, d.mac, store.Early{Kind: store.EarlyWithdrawn}, d.now.Add(RememberFor))
	}
	if err := store.Delete(ctx, tx, kept.ID); err != nil {
		return err
	}
	return store.AddPurges(ctx, tx, subject.Of(authority, kept.Period, kept.ID))
}
