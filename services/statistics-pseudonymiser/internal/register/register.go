// Package register is what happens to statistics rows when case-linker says so:
// recorded, withdrawn, separated. The three come in any order and each, for one
// token r, has the same outcome in all of them; what comes before its row is
// remembered. A token serves one closing: recorded once, then at most withdrawn
// or separated.
package register

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
	"gallra.se/libs/policy"
	"gallra.se/services/statistics-pseudonymiser/internal/keys"
	"gallra.se/services/statistics-pseudonymiser/internal/pseudonym"
	"gallra.se/services/statistics-pseudonymiser/internal/store"
)

// RememberFor is how long a withdrawal or separation waits for its row, in
// business time: far longer than any stream or outbox keeps an event.
const RememberFor = 60 * 24 * time.Hour

// Register changes rows in the caller's transaction, and asks no keyring there:
// what needs one is done before, by the functions in prepare.go.
type Register struct {
	Keys     *keys.Keys
	Policy   *policy.Set
	Business clock.Business
}

// desk is one piece of work: an authority, a token's row, and whatever is found
// there.
type desk struct {
	*Register
	ctx       context.Context
	tx        pgx.Tx
	pack      *policy.Pack
	authority string
	mac       []byte
	now       time.Time
}

// at locks the place of a token's row, so that two events about it come one
// after the other, and reads the business time after that.
func (r *Register) at(ctx context.Context, tx pgx.Tx, authority string, token pseudonym.Token) (*desk, error) {
	pack, ok := r.Policy.Pack(authority)
	if !ok {
		return nil, errAuthority
	}
	key, err := r.Keys.Row(ctx, tx, authority)
	if err != nil {
		return nil, err
	}
	d := &desk{Register: r, ctx: ctx, tx: tx, pack: pack, authority: authority, mac: key.Row(token)}
	if err := store.LockMAC(ctx, tx, d.mac); err != nil {
		return nil, err
	}
	d.now = r.Business.Now()
	return d, nil
}

// save stores a new or changed row; analysts get it the next night.
func (d *desk) save(k store.Kept) error {
	k.Event = uuid.New()
	k.PublishAt = d.pack.Midnight(d.pack.Today(d.now).AddDays(1))
	return store.Save(d.ctx, d.tx, k)
}

// Refusal is why an event can never be applied. It holds nothing of the event.
type Refusal string

func (r Refusal) Error() string { return string(r) }

const errAuthority = Refusal("unknown authority")

func refuse(err error) error { return Refusal(fmt.Sprint(err)) }
