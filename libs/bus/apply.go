package bus

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/pg"
)

// delivery is one message on its way to its handler.
type delivery struct {
	ev        Event
	bad       error // it cannot even be decoded
	handler   Handler
	watermark *Watermark
}

// matters says that the service wants it.
func (d delivery) matters() bool { return d.bad != nil || d.handler != nil || d.watermark != nil }

// applyBatch applies messages in order. A batch with a permanently refused
// event is rolled back and applied again in two parts, with that event parked
// between them.
func (r *reader) applyBatch(ctx context.Context, msgs []jetstream.Msg) error {
	r.c.busy(len(msgs))
	defer r.c.busy(-len(msgs))
	batch, last, err := r.decodeAll(ctx, msgs)
	if err != nil {
		return err
	}
	applied := len(batch) > 0
	for len(batch) > 0 {
		done, err := r.applySome(ctx, batch)
		if err != nil {
			return err
		}
		batch = batch[done:]
	}
	r.c.at(r.stream, last)
	if applied && r.c.cfg.Applied != nil {
		r.c.cfg.Applied()
	}
	return nil
}

// applySome commits a prefix of the batch and returns its length.
func (r *reader) applySome(ctx context.Context, batch []delivery) (int, error) {
	n := len(batch)
	for {
		refusedAt, reason := -1, error(nil)
		err := pg.Tx(ctx, r.c.cfg.DB, func(tx pgx.Tx) (err error) {
			refusedAt, reason, err = r.applyIn(ctx, tx, batch[:n])
			return err
		})
		switch {
		case err == nil:
			r.c.done(n)
			return n, nil
		case refusedAt > 0:
			n = refusedAt
		case refusedAt == 0:
			return 1, r.park(ctx, batch[0], reason)
		default:
			return 0, fmt.Errorf("apply %d events of %s: %w", n, r.stream, err)
		}
	}
}

// applyIn applies deliveries in one transaction. When one is refused for good
// it returns its index, and an error so that the transaction is rolled back.
func (r *reader) applyIn(ctx context.Context, tx pgx.Tx, batch []delivery) (refusedAt int, reason, err error) {
	positions, err := r.lock(ctx, tx, batch)
	if err != nil {
		return -1, nil, err
	}
	fresh, err := receive(ctx, tx, beyond(batch, positions))
	if err != nil {
		return -1, nil, err
	}
	for i, d := range batch {
		switch {
		case d.watermark != nil:
			err = r.c.cfg.Watermark(ctx, tx, *d.watermark)
		case d.ev.Sequence <= positions[d.ev.Partition]:
			continue
		default:
			positions[d.ev.Partition] = d.ev.Sequence
			if fresh[d.ev.ID] {
				delete(fresh, d.ev.ID) // stored twice in one batch: once is enough
				err = r.applyOne(ctx, tx, d)
			}
		}
		switch {
		case Refused(err):
			return i, err, err
		case err != nil:
			return -1, nil, fmt.Errorf("apply %s: %w", d.ev.Type, err)
		}
	}
	return -1, nil, r.store(ctx, tx, positions)
}

// beyond lists the events that no position has passed.
func beyond(batch []delivery, positions map[int]uint64) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(batch))
	for _, d := range batch {
		if d.watermark == nil && d.ev.Sequence > positions[d.ev.Partition] {
			ids = append(ids, d.ev.ID)
		}
	}
	return ids
}

func (r *reader) applyOne(ctx context.Context, tx pgx.Tx, d delivery) error {
	if d.bad != nil {
		return d.bad
	}
	if r.c.isParked(d.ev.Key) {
		return Refuse(errBehindParked)
	}
	return d.handler(ctx, tx, d.ev)
}

func (r *reader) decodeAll(ctx context.Context, msgs []jetstream.Msg) (batch []delivery, last uint64, err error) {
	for _, m := range msgs {
		meta, err := m.Metadata()
		if err != nil {
			return nil, 0, fmt.Errorf("read place in %s: %w", r.stream, err)
		}
		last = meta.Sequence.Stream
		d, err := r.c.deliveryOf(ctx, r.stream, m, last)
		if err != nil {
			return nil, 0, err
		}
		if d.matters() {
			batch = append(batch, d)
		}
	}
	return batch, last, nil
}

// deliveryOf decodes a message and prepares its event. What is refused for good
// is kept as bad, to be parked in its turn.
func (c *Consumer) deliveryOf(ctx context.Context, stream string, m jetstream.Msg, seq uint64) (d delivery, err error) {
	d.ev, d.bad = decode(stream, m.Subject(), seq, m.Data())
	if d.bad != nil {
		return d, nil
	}
	d.handler = c.cfg.Handlers[d.ev.Type]
	if d.watermark, d.bad = c.watermarkOf(d.ev); d.bad != nil {
		return d, nil
	}
	if prepare := c.cfg.Prepare[d.ev.Type]; prepare != nil && d.handler != nil {
		if d.ev.Prepared, err = prepare(ctx, d.ev); Refused(err) {
			d.bad, err = err, nil
		}
	}
	if err != nil {
		err = fmt.Errorf("prepare %s: %w", d.ev.Type, err)
	}
	return d, err
}

func (c *Consumer) busy(by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.applying += by
}

func (c *Consumer) done(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.work += uint64(n)
}
