package keyring

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/libs/pg"
	"gallra.se/libs/seal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// TransportKey returns the public half of the key that others seal to, making
// one if there is none that is not retired.
func (r *Ring) TransportKey(ctx context.Context) (public []byte, keyID string, err error) {
	err = r.db.QueryRow(ctx, `SELECT id, public FROM key_transport WHERE NOT retired ORDER BY made DESC LIMIT 1`).Scan(&keyID, &public)
	if errors.Is(err, pgx.ErrNoRows) {
		public, keyID, err = r.makeTransportKey(ctx)
	}
	if err != nil {
		return nil, "", fmt.Errorf("get transport key: %w", err)
	}
	return public, keyID, nil
}

func (r *Ring) makeTransportKey(ctx context.Context) ([]byte, string, error) {
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
		_, err = tx.Exec(ctx, `INSERT INTO key_transport (id, public, page, wrapped) VALUES ($1, $2, $3, $4)`,
			id, public, page, k.seal(private, []byte(id)))
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

// RetireTransportKey gives senders a new key from now on. What was sealed to the
// old one still opens, until DestroyTransportKeys.
func (r *Ring) RetireTransportKey(ctx context.Context) error {
	if _, err := r.db.Exec(ctx, `UPDATE key_transport SET retired = true WHERE NOT retired`); err != nil {
		return fmt.Errorf("retire transport key: %w", err)
	}
	return nil
}

// RetiredTransportKeys lists retired keys, oldest first.
func (r *Ring) RetiredTransportKeys(ctx context.Context) ([]string, error) {
	rows, err := r.db.Query(ctx, `SELECT id FROM key_transport WHERE retired ORDER BY made`)
	if err != nil {
		return nil, fmt.Errorf("list retired transport keys: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// DestroyTransportKeys destroys retired keys: whoever calls knows that all that
// was sealed to them is applied or sealed anew. When it returns, nothing that
// was sealed to them opens again.
func (r *Ring) DestroyTransportKeys(ctx context.Context, ids []string) error {
	err := r.rotate(ctx, func(ctx context.Context, tx pgx.Tx, pages map[uuid.UUID]*key) (bool, error) {
		rows, err := tx.Query(ctx, `WITH gone AS (DELETE FROM key_transport WHERE id = ANY($1) AND retired RETURNING page)
			DELETE FROM key_page p USING gone WHERE p.id = gone.page RETURNING p.id`, ids)
		if err != nil {
			return false, err
		}
		gone, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		for _, page := range gone {
			delete(pages, page)
		}
		return len(gone) > 0, err
	})
	r.opener.Forget()
	if err != nil {
		return fmt.Errorf("destroy transport keys: %w", err)
	}
	return nil
}
