package bus

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/fault"
	"gallra.se/libs/pg"
	"gallra.se/libs/trace"
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

// applySome commits a prefix of the batch and returns its length. Instances that apply
// large batches at the same time may wait for each other's rows in a circle, each time
// for a second: then the next transactions are smaller, and grow again slowly.
func (r *reader) applySome(ctx context.Context, batch []delivery) (int, error) {
	n := min(len(batch), r.most)
	for {
		refusedAt, reason := -1, error(nil)
		var positions map[int]uint64
		attempt := pg.Once
		if n == 1 {
			attempt = pg.Tx
		}
		err := attempt(ctx, r.c.cfg.DB, func(tx pgx.Tx) (err error) {
			positions, refusedAt, reason, err = r.applyIn(ctx, tx, batch[:n])
			if err == nil {
				struck("applied.", batch[:n])
			}
			return err
		})
		switch {
		case err == nil:
			struck("committed.", batch[:n])
			maps.Copy(r.left, positions)
			r.most = min(fetchMax, r.most+1)
			r.c.done(n)
			r.c.applied.add(r.applied)
			return n, nil
		case pg.Transient(err) && n > 1:
			n = max(1, n/8)
			r.most = n
		case refusedAt > 0:
			n = refusedAt
		case refusedAt == 0:
			return 1, r.park(ctx, batch[0], reason)
		default:
			return 0, fmt.Errorf("apply %d events of %s: %w", n, r.stream, err)
		}
	}
}

// struck is where a crash is tried after events of a type, before or after their commit.
func struck(when string, batch []delivery) {
	if !fault.Armed {
		return
	}
	for _, d := range batch {
		if d.handler != nil {
			fault.Point(when + strings.TrimPrefix(d.ev.Type, "se.gallra."))
		}
	}
}

// applyIn applies deliveries in one transaction and returns the positions that it
// leaves. When one is refused for good it returns its index, and an error so that the
// transaction is rolled back.
func (r *reader) applyIn(ctx context.Context, tx pgx.Tx, batch []delivery) (positions map[int]uint64, refusedAt int, reason, err error) {
	if positions, err = r.lock(ctx, tx, batch); err != nil {
		return nil, -1, nil, err
	}
	fresh, err := receive(ctx, tx, beyond(batch, positions))
	if err != nil {
		return nil, -1, nil, err
	}
	if r.c.cfg.Lock != nil {
		if err := r.c.cfg.Lock(ctx, tx, toApply(batch, positions, fresh)); err != nil {
			return nil, -1, nil, fmt.Errorf("lock what %d events are about: %w", len(batch), err)
		}
	}
	r.applied = r.applied[:0]
	for i, d := range batch {
		switch {
		case d.watermark != nil:
			err = r.pass(ctx, tx, *d.watermark)
		case d.ev.Sequence <= positions[d.ev.Partition]:
			continue
		default:
			positions[d.ev.Partition] = d.ev.Sequence
			if fresh[d.ev.ID] {
				delete(fresh, d.ev.ID) // stored twice in one batch: once is enough
				if err = r.applyOne(ctx, tx, d); err == nil {
					r.applied = append(r.applied, d.ev.Type)
				}
			}
		}
		switch {
		case Refused(err):
			return nil, i, err, err
		case err != nil:
			return nil, -1, nil, fmt.Errorf("apply %s: %w", d.ev.Type, err)
		}
	}
	return positions, -1, nil, r.store(ctx, tx, positions)
}

// beyond lists the events that no position has passed.
func beyond(batch []delivery, positions map[int]uint64) []Event {
	events := make([]Event, 0, len(batch))
	for _, d := range batch {
		if d.watermark == nil && d.ev.Sequence > positions[d.ev.Partition] {
			events = append(events, d.ev)
		}
	}
	return events
}

// toApply lists the events that go to a handler.
func toApply(batch []delivery, positions map[int]uint64, fresh map[uuid.UUID]bool) []Event {
	events := make([]Event, 0, len(batch))
	for _, d := range batch {
		if d.handler != nil && d.bad == nil && d.ev.Sequence > positions[d.ev.Partition] && fresh[d.ev.ID] {
			events = append(events, d.ev)
		}
	}
	return events
}

func (r *reader) applyOne(ctx context.Context, tx pgx.Tx, d delivery) error {
	if d.bad != nil {
		return d.bad
	}
	if behind, err := r.c.behindParked(ctx, tx, d.ev.Key); err != nil {
		return err
	} else if behind {
		return Refuse(errBehindParked)
	}
	return d.apply(ctx, tx)
}

// decodeAll picks what the service wants. Events of other instances' partitions are
// passed over unread, but for watermarks: those speak for all partitions.
func (r *reader) decodeAll(ctx context.Context, msgs []jetstream.Msg) (batch []delivery, last uint64, err error) {
	for _, m := range msgs {
		meta, err := m.Metadata()
		if err != nil {
			return nil, 0, fmt.Errorf("read place in %s: %w", r.stream, err)
		}
		last = meta.Sequence.Stream
		mine := r.share.Has(partitionIn(m.Subject()))
		if !mine && !r.c.wantsWatermark(m.Subject()) {
			continue
		}
		d, err := r.c.deliveryOf(ctx, r.stream, m, last)
		if err != nil {
			return nil, 0, err
		}
		if mine && d.matters() || d.watermark != nil {
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
	return c.prepared(ctx, d)
}

// prepared gives a decoded delivery its handler and what that needs.
func (c *Consumer) prepared(ctx context.Context, d delivery) (delivery, error) {
	var err error
	d.handler = c.cfg.Handlers[d.ev.Type]
	if d.watermark, d.bad = c.watermarkOf(d.ev); d.bad != nil {
		return d, nil
	}
	if prepare := c.cfg.Prepare[d.ev.Type]; prepare != nil && d.handler != nil {
		if d.ev.Prepared, err = prepare(trace.From(ctx, d.ev.trace), d.ev); Refused(err) {
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
