package bus

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// lowest is the sequence that every partition of the share has reached; missing rows
// are made. Whoever has no partition reads from where all are, and passes all over.
func (r *reader) lowest(ctx context.Context) (uint64, error) {
	_, err := r.c.cfg.DB.Exec(ctx, `
		INSERT INTO bus_position (stream, incarnation, partition, seq)
		SELECT $1, $2, p, 0 FROM generate_series(0, $3::int - 1) AS p
		ON CONFLICT DO NOTHING`, r.stream, r.incarnation, Partitions)
	if err != nil {
		return 0, err
	}
	rows, err := r.c.cfg.DB.Query(ctx, `
		SELECT partition, seq FROM bus_position
		WHERE stream = $1 AND incarnation = $2 AND (partition = ANY($3) OR cardinality($3::int[]) = 0)
		ORDER BY partition FOR UPDATE`, r.stream, r.incarnation, partitionsOf(r.share))
	if err != nil {
		return 0, err
	}
	if r.left, err = readPositions(rows); err != nil {
		return 0, err
	}
	least, first := uint64(0), true
	for _, seq := range r.left {
		if first || seq < least {
			least, first = seq, false
		}
	}
	return least, nil
}

func readPositions(rows pgx.Rows) (map[int]uint64, error) {
	positions := map[int]uint64{}
	var p int
	var seq int64
	_, err := pgx.ForEachRow(rows, []any{&p, &seq}, func() error {
		positions[p] = uint64(seq)
		return nil
	})
	return positions, err
}

// lock takes the rows of the batch's partitions, in order. Where a position is not as
// this reader left it another instance is at work too, and may have parked keys.
func (r *reader) lock(ctx context.Context, tx pgx.Tx, batch []delivery) (map[int]uint64, error) {
	var touched []int32
	for _, d := range batch {
		if p := int32(d.ev.Partition); d.watermark == nil && !slices.Contains(touched, p) {
			touched = append(touched, p)
		}
	}
	if len(touched) == 0 {
		return map[int]uint64{}, nil
	}
	rows, err := tx.Query(ctx, `
		SELECT partition, seq FROM bus_position
		WHERE stream = $1 AND incarnation = $2 AND partition = ANY($3)
		ORDER BY partition FOR UPDATE`, r.stream, r.incarnation, touched)
	if err != nil {
		return nil, fmt.Errorf("lock positions: %w", err)
	}
	positions, err := readPositions(rows)
	if err != nil {
		return nil, fmt.Errorf("lock positions: %w", err)
	}
	if len(positions) != len(touched) {
		return nil, fmt.Errorf("positions of %s are missing", r.stream)
	}
	for p, seq := range positions {
		if r.left[p] != seq {
			return positions, r.c.loadParked(ctx, tx)
		}
	}
	return positions, nil
}

// store moves the positions that the batch touched.
func (r *reader) store(ctx context.Context, tx pgx.Tx, positions map[int]uint64) error {
	if len(positions) == 0 {
		return nil
	}
	var ps []int32
	var seqs []int64
	for p, seq := range positions {
		ps, seqs = append(ps, int32(p)), append(seqs, int64(seq))
	}
	_, err := tx.Exec(ctx, `
		UPDATE bus_position AS b SET seq = n.seq
		FROM unnest($3::int[], $4::bigint[]) AS n(partition, seq)
		WHERE b.stream = $1 AND b.incarnation = $2 AND b.partition = n.partition AND b.seq < n.seq`,
		r.stream, r.incarnation, ps, seqs)
	if err != nil {
		return fmt.Errorf("move positions: %w", err)
	}
	return nil
}

// flush lets the positions of the share follow what was passed over, so that a restart
// does not read it again. Those of others are theirs to move: what this instance passed
// over there, it may never have applied.
func (r *reader) flush(ctx context.Context) error {
	r.c.mu.Lock()
	seq := r.c.positions[r.stream]
	r.c.mu.Unlock()
	mine := partitionsOf(r.share)
	if seq <= r.flushed || len(mine) == 0 {
		return nil
	}
	_, err := r.c.cfg.DB.Exec(ctx, `
		UPDATE bus_position AS b SET seq = $3
		FROM (SELECT partition FROM bus_position
		      WHERE stream = $1 AND incarnation = $2 AND partition = ANY($4) ORDER BY partition FOR UPDATE) AS held
		WHERE b.stream = $1 AND b.incarnation = $2 AND b.partition = held.partition AND b.seq < $3`,
		r.stream, r.incarnation, int64(seq), mine)
	if err != nil {
		return fmt.Errorf("flush positions of %s: %w", r.stream, err)
	}
	r.flushed = seq
	for _, p := range mine {
		r.left[p] = seq
	}
	return nil
}
