package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/clock"
)

// reader follows one stream.
type reader struct {
	c           *Consumer
	stream      string
	incarnation string
	flushed     uint64 // sequence that all positions in the table have reached
}

// fetchMax is how many events one transaction applies at most.
const fetchMax = 256

// run opens the stream and follows it, again after every fault.
func (r *reader) run(ctx context.Context) error {
	return retry(ctx, r.c.cfg.Log, "follow stream "+r.stream, func(ctx context.Context) error {
		if err := r.follow(ctx); err != nil {
			return err
		}
		return ctx.Err()
	})
}

// follow reads from the lowest position on until a fault. The ordered consumer
// delivers the stream without gaps and starts itself again after a lost
// connection.
func (r *reader) follow(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	js, err := jetstream.New(r.c.cfg.NC)
	if err != nil {
		return err
	}
	if r.incarnation, err = incarnation(ctx, js, r.stream); err != nil {
		return err
	}
	from, err := r.lowest(ctx)
	if err != nil {
		return fmt.Errorf("read positions in %s: %w", r.stream, err)
	}
	r.flushed = from
	r.c.at(r.stream, from)
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
	return r.applyAll(ctx, arrived, consuming.Closed())
}

func (r *reader) applyAll(ctx context.Context, arrived <-chan jetstream.Msg, closed <-chan struct{}) error {
	flush := clock.Ticker(5 * time.Second)
	defer flush.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-closed:
			return fmt.Errorf("consumer of %s was closed", r.stream)
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
	batch := []jetstream.Msg{first}
	for len(batch) < fetchMax {
		select {
		case m := <-arrived:
			batch = append(batch, m)
		default:
			return batch
		}
	}
	return batch
}

// at notes how far the stream is read.
func (c *Consumer) at(stream string, seq uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if seq > c.positions[stream] {
		c.positions[stream] = seq
	}
}
