package keyring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/seal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// TransportAge is how long (business time) a transport key is given out.
const TransportAge = 24 * time.Hour

// TransportKey returns the public half of the key that others seal to: the
// present one, or a new one when that is as old as TransportAge at now (business
// time), which retires it.
func (r *Ring) TransportKey(ctx context.Context, now time.Time) (public []byte, keyID string, err error) {
	if _, err := r.RetireAged(ctx, now); err != nil {
		return nil, "", err
	}
	err = r.db.QueryRow(ctx, `SELECT id, public FROM key_transport WHERE NOT retired ORDER BY made DESC LIMIT 1`).Scan(&keyID, &public)
	if errors.Is(err, pgx.ErrNoRows) {
		public, keyID, err = r.makeTransportKey(ctx, now)
	}
	if err != nil {
		return nil, "", fmt.Errorf("get transport key: %w", err)
	}
	return public, keyID, nil
}

func (r *Ring) makeTransportKey(ctx context.Context, now time.Time) ([]byte, string, error) {
	public, private, err := seal.Generate()
	if err != nil {
		return nil, "", err
	}
	defer clear(private)
	id := newID().String()
	kind := special{kind: "transport/" + id}
	page, err := r.specialPage(ctx, kind)
	if err != nil {
		return nil, "", err
	}
	err = pg.Tx(ctx, r.db, func(tx pgx.Tx) error {
		generation, err := r.lockedGeneration(ctx, tx)
		if err != nil {
			return err
		}
		k, err := r.pageKey(ctx, tx, generation, page)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO key_transport (id, public, page, wrapped, made_at) VALUES ($1, $2, $3, $4, $5)`,
			id, public, page, k.seal(private, []byte(id)), now)
		return err
	})
	return public, id, err
}

// OpenSealed opens what was sealed to a transport key, retired or not;
// ErrDestroyed when the key is gone, ErrBox when the box does not open.
func (r *Ring) OpenSealed(ctx context.Context, keyID string, aad, box []byte) ([]byte, error) {
	var page uuid.UUID
	var wrapped []byte
	err := r.db.QueryRow(ctx, `SELECT page, wrapped FROM key_transport WHERE id = $1`, keyID).Scan(&page, &wrapped)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("open under transport key %s: %w", keyID, ErrDestroyed)
	}
	if err != nil {
		return nil, fmt.Errorf("read transport key %s: %w", keyID, err)
	}
	k, err := r.steadyKey(ctx, special{kind: "transport/" + keyID})
	if err != nil {
		return nil, err
	}
	private, err := k.open(wrapped, []byte(keyID))
	if err != nil {
		return nil, fmt.Errorf("unwrap transport key %s: %w", keyID, err)
	}
	defer clear(private)
	plain, err := r.opener.Open(private, aad, box)
	if errors.Is(err, seal.ErrBox) {
		return nil, fmt.Errorf("open under transport key %s: %w", keyID, ErrBox)
	}
	return plain, err
}

// RetireAged retires keys that are as old as TransportAge at now (business time),
// and all but the newest where two processes made one each. It says whether there
// were any.
func (r *Ring) RetireAged(ctx context.Context, now time.Time) (bool, error) {
	var aged []string
	err := r.db.QueryRow(ctx, `SELECT coalesce(array_agg(id) FILTER (WHERE made_at IS NULL OR made_at <= $1 OR NOT newest), '{}')
		FROM (SELECT id, made_at, made = max(made) OVER () AS newest FROM key_transport WHERE NOT retired) AS given`,
		now.Add(-TransportAge)).Scan(&aged)
	if err != nil {
		return false, fmt.Errorf("look for aged transport keys: %w", err)
	}
	if len(aged) == 0 {
		return false, nil
	}
	_, err = r.db.Exec(ctx, `UPDATE key_transport SET retired = true, retired_at = $2 WHERE id = ANY($1) AND NOT retired`, aged, clock.PaceNow())
	if err != nil {
		return false, fmt.Errorf("retire aged transport keys: %w", err)
	}
	return true, nil
}

// RetireTransportKey gives senders a new key from now on. What was sealed to the
// old one still opens, until DestroyTransportKeys.
func (r *Ring) RetireTransportKey(ctx context.Context) error {
	if _, err := r.db.Exec(ctx, `UPDATE key_transport SET retired = true, retired_at = $1 WHERE NOT retired`, clock.PaceNow()); err != nil {
		return fmt.Errorf("retire transport key: %w", err)
	}
	return nil
}

// RetiredKey is a transport key that is given out no more and not destroyed yet.
type RetiredKey struct {
	ID        string
	RetiredAt time.Time // the machine's time, UTC
	Settled   bool      // nothing is sealed to it that is still wanted
}

// RetiredTransportKeys lists retired keys, oldest first.
func (r *Ring) RetiredTransportKeys(ctx context.Context) ([]RetiredKey, error) {
	rows, err := r.db.Query(ctx, `SELECT id, coalesce(retired_at, 'epoch'), settled FROM key_transport WHERE retired ORDER BY made`)
	if err != nil {
		return nil, fmt.Errorf("list retired transport keys: %w", err)
	}
	keys, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k RetiredKey, err error) {
		err = row.Scan(&k.ID, &k.RetiredAt, &k.Settled)
		return k, err
	})
	if err != nil {
		return nil, fmt.Errorf("list retired transport keys: %w", err)
	}
	return keys, nil
}

// SettleTransportKey notes of a retired key that nothing is sealed to it that is
// still wanted: the next ending may take it along.
func (r *Ring) SettleTransportKey(ctx context.Context, id string) error {
	if _, err := r.db.Exec(ctx, `UPDATE key_transport SET settled = true WHERE id = $1 AND retired`, id); err != nil {
		return fmt.Errorf("settle transport key %s: %w", id, err)
	}
	return nil
}

// DestroyTransportKeys destroys retired keys: whoever calls knows that all that
// was sealed to them is applied or sealed anew. When it returns, nothing that
// was sealed to them opens again.
func (r *Ring) DestroyTransportKeys(ctx context.Context, ids []string) error {
	return r.End(ctx, Ending{TransportKeys: ids})
}
