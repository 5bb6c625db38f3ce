package bus

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/clock"
)

// reader follows one stream for this instance's share of its partitions.
type reader struct {
	c           *Consumer
	stream      string
	incarnation string
	share       clock.Share    // followed without a gap since the start; it only gets narrower
	flushed     uint64         // sequence that the positions of the share have reached in the table
	left        map[int]uint64 // positions as this reader left them, by partition
	most        int            // events that one transaction applies at present
	applied     []string       // types of the events that the present transaction has applied
}

// One transaction applies so many events at most, and no more once they come to so many
// bytes: an event that carries five hundred units is a hundred times a usual one.
const (
	fetchMax   = 256
	fetchBytes = 4 << 20
)

// run opens the stream and follows it, again for every share and after every fault.
func (r *reader) run(ctx context.Context) error {
	return retry(ctx, r.c.cfg.Log, "follow stream "+r.stream, func(ctx context.Context) error {
		for {
			share, redealt := r.c.hand()
			if share.Of > 0 {
				if err := r.follow(ctx, share, redealt); err != nil {
					return err
				}
				continue
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-redealt:
			}
		}
	})
}

// follow reads from the lowest position of the share on, until a fault or until the
// share is lost or grows: what was passed over must be read then. The ordered consumer
// delivers the stream without gaps and starts itself again after a lost connection.
func (r *reader) follow(ctx context.Context, share clock.Share, redealt <-chan struct{}) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	js, err := jetstream.New(r.c.cfg.NC)
	if err != nil {
		return err
	}
	if r.incarnation, err = incarnation(ctx, js, r.stream); err != nil {
		return err
	}
	from, err := r.begin(ctx, share)
	if err != nil {
		return err
	}
	cons, err := js.OrderedConsumer(ctx, r.stream, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from + 1,
	})
	if err != nil {
		return fmt.Errorf("open stream %s: %w", r.stream, err)
	}
	arrived := make(chan jetstream.Msg, fetchMax)
	consuming, err := cons.Consume(func(m jetstream.Msg) {
		select {
		case arrived <- m:
		case <-ctx.Done():
		}
	})
	if err != nil {
		return fmt.Errorf("consume stream %s: %w", r.stream, err)
	}
	defer consuming.Stop()
	return r.applyAll(ctx, redealt, arrived, consuming.Closed())
}

// begin starts at the lowest position of a share. Whoever had the partitions before
// has committed what it was at by then, for the positions are locked; keys that it
// parked are known from here on.
func (r *reader) begin(ctx context.Context, share clock.Share) (from uint64, err error) {
	r.share, r.most = share, fetchMax
	if from, err = r.lowest(ctx); err != nil {
		return 0, fmt.Errorf("read positions in %s: %w", r.stream, err)
	}
	if err := r.c.loadParked(ctx, r.c.cfg.DB); err != nil {
		return 0, fmt.Errorf("load parked keys: %w", err)
	}
	r.flushed = from
	r.c.at(r.stream, from)
	r.c.take(r.stream, share)
	return from, nil
}

func (r *reader) applyAll(ctx context.Context, redealt <-chan struct{}, arrived <-chan jetstream.Msg, closed <-chan struct{}) error {
	flush := clock.Ticker(r.c.flushEvery)
	defer flush.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-closed:
			return fmt.Errorf("consumer of %s was closed", r.stream)
		case <-redealt:
			var share clock.Share
			if share, redealt = r.c.hand(); !within(share, r.share) {
				return nil
			}
			r.share = share
			r.c.take(r.stream, share)
		case <-flush.C:
			if err := r.flush(ctx); err != nil {
				return err
			}
		case m := <-arrived:
			if err := r.applyBatch(ctx, drain(m, arrived)); err != nil {
				return err
			}
		}
	}
}

// drain takes what else has arrived.
func drain(first jetstream.Msg, arrived <-chan jetstream.Msg) []jetstream.Msg {
	batch, bytes := []jetstream.Msg{first}, len(first.Data())
	for len(batch) < fetchMax && bytes < fetchBytes {
		select {
		case m := <-arrived:
			batch, bytes = append(batch, m), bytes+len(m.Data())
		default:
			return batch
		}
	}
	return batch
}

// at notes how far the stream is read: all of the share that lies before has been
// applied.
func (c *Consumer) at(stream string, seq uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.positions[stream] = seq
}
