package admission

import (
	"context"
	"sync"
	"time"

	"gallra.se/libs/trace"
	"gallra.se/libs/world"
	"gallra.se/services/intake/internal/contact"
)

const (
	largestBatch = 128
	leaders      = 2 // batches at a time: one waits for the disk while the other computes
	batchTime    = 30 * time.Second
)

// queue lets senders at the same time share a batch.
type queue struct {
	mu      sync.Mutex
	waiting []*ticket
	leading int
}

type ticket struct {
	line   arrival
	result Result
	done   chan struct{}
}

// Submit takes one line in, together with those that others submit meanwhile.
func (d *Desk) Submit(ctx context.Context, c contact.Contact) Result {
	mine := &ticket{line: arrival{c, trace.Traceparent(ctx)}, done: make(chan struct{})}
	q := &d.queue
	q.mu.Lock()
	q.waiting = append(q.waiting, mine)
	lead := q.leading < leaders
	if lead {
		q.leading++
	}
	q.mu.Unlock()
	if lead {
		// The lines of others must not end with this sender's request, be part of its trace or be kept to its world.
		go d.lead(trace.Detached(world.In(context.WithoutCancel(ctx), world.All)))
	}
	select {
	case <-mine.done:
		return mine.result
	case <-ctx.Done():
		return Result{Err: ctx.Err()}
	}
}

func (d *Desk) lead(ctx context.Context) {
	for {
		batch := d.queue.take()
		if len(batch) == 0 {
			return
		}
		d.admitBatch(ctx, batch)
	}
}

func (q *queue) take() []*ticket {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), largestBatch)
	batch := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	if n == 0 {
		q.leading--
	}
	return batch
}

func (d *Desk) admitBatch(ctx context.Context, batch []*ticket) {
	ctx, cancel := context.WithTimeout(ctx, batchTime)
	defer cancel()
	lines := make([]arrival, len(batch))
	for i, t := range batch {
		lines[i] = t.line
	}
	if len(batch) == 1 {
		ctx = trace.From(ctx, lines[0].trace)
	}
	for i, result := range d.admit(ctx, lines) {
		batch[i].result = result
		close(batch[i].done)
	}
}
