package admission

import (
	"context"
	"crypto/hmac"
	"errors"

	"gallra.se/libs/keyring"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/store"
	"gallra.se/services/intake/internal/vault"
)

// repeat answers a source id that was accepted before: the same content as the
// first time, other content as a conflict. Of a contact that is gone nothing is
// left to compare with, so any repeat of it is a duplicate.
func (d *Desk) repeat(ctx context.Context, c contact.Contact, before store.Holding) Result {
	if !before.Living || before.Intended {
		return gone(c, before)
	}
	unit, err := d.Keys.Unit(ctx, keyring.UnitRef{Authority: c.Authority, ID: before.Unit})
	if errors.Is(err, keyring.ErrDestroyed) {
		return gone(c, before)
	}
	if err != nil {
		return Result{Err: err}
	}
	if !hmac.Equal(vault.Fingerprint(unit, c.Fingerprint), before.Fingerprint) {
		return Result{Err: problem.New("conflicting-duplicate")}
	}
	record, err := vault.Get(unit, before.ID, before.Category, before.Ciphertext)
	if err != nil {
		return Result{Err: err}
	}
	return Result{Answer: answer(before.ID, record), Duplicate: true}
}

func gone(c contact.Contact, before store.Holding) Result {
	return Result{Answer: answer(before.ID, c.Record()), Duplicate: true}
}
