package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Source is a sender's id, as far as it is remembered.
type Source struct {
	Authority string
	MAC       [32]byte
}

// Known returns what is held of the sources that were accepted before. Of most batches that is nothing, which one look into
// the index says.
func Known(ctx context.Context, db Querier, sources []Source) (map[Source]Holding, error) {
	authorities, macs := columns(sources)
	var repeats bool
	err := db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM unnest($1::text[], $2::bytea[]) AS w (authority, source)
		JOIN tombstone t USING (authority, source))`, plannedAnew, authorities, macs).Scan(&repeats)
	if err != nil {
		return nil, fmt.Errorf("look for repeats: %w", err)
	}
	if !repeats {
		return map[Source]Holding{}, nil
	}
	rows, err := db.Query(ctx, holding+`, t.authority, t.source
		FROM unnest($1::text[], $2::bytea[]) AS w (authority, source)
		JOIN tombstone t USING (authority, source)`+holdingFrom, plannedAnew, authorities, macs)
	if err != nil {
		return nil, fmt.Errorf("look for repeats: %w", err)
	}
	defer rows.Close()
	known := map[Source]Holding{}
	for rows.Next() {
		var h Holding
		var s Source
		var mac []byte
		if err := h.scan(rows, &s.Authority, &mac); err != nil {
			return nil, fmt.Errorf("look for repeats: %w", err)
		}
		s.MAC = [32]byte(mac)
		known[s] = h
	}
	return known, rows.Err()
}

// AddTombstones remembers sources and returns those that nobody else had
// remembered first. It waits for others that are about to.
func AddTombstones(ctx context.Context, tx pgx.Tx, sources []Source, ids []uuid.UUID) (map[Source]bool, error) {
	authorities, macs := columns(sources)
	rows, err := tx.Query(ctx, `
		INSERT INTO tombstone (authority, source, id)
		SELECT * FROM unnest($1::text[], $2::bytea[], $3::uuid[]) AS r (authority, source, id) ORDER BY authority, source
		ON CONFLICT (authority, source) DO NOTHING RETURNING authority, source`, authorities, macs, ids)
	if err != nil {
		return nil, fmt.Errorf("remember sources: %w", err)
	}
	added := map[Source]bool{}
	var authority string
	var mac []byte
	_, err = pgx.ForEachRow(rows, []any{&authority, &mac}, func() error {
		added[Source{authority, [32]byte(mac)}] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("remember sources: %w", err)
	}
	return added, nil
}

func columns(sources []Source) (authorities []string, macs [][]byte) {
	for _, s := range sources {
		authorities, macs = append(authorities, s.Authority), append(macs, s.MAC[:])
	}
	return authorities, macs
}
