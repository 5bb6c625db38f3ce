package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// PeerKey is another service's public transport key, kept so that a disposal need not wait for that service.
type PeerKey struct {
	Service string
	KeyID   string
	Public  []byte
}

// SavePeerKey keeps the newest.
func SavePeerKey(ctx context.Context, db DB, k PeerKey) error {
	_, err := db.Exec(ctx, `
		INSERT INTO peer_key (service, key_id, public) VALUES ($1, $2, $3)
		ON CONFLICT (service) DO UPDATE SET key_id = excluded.key_id, public = excluded.public`, k.Service, k.KeyID, k.Public)
	return err
}

// FindPeerKey reads what was kept.
func FindPeerKey(ctx context.Context, db DB, service string) (PeerKey, bool, error) {
	return one(ctx, db, func(row pgx.CollectableRow) (k PeerKey, err error) {
		err = row.Scan(&k.Service, &k.KeyID, &k.Public)
		return k, err
	}, `SELECT service, key_id, public FROM peer_key WHERE service = $1`, service)
}
