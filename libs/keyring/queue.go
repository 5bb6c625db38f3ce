package keyring

import (
	"context"
	"fmt"
	"sync"

	"gallra.se/libs/pg"
)

// queue lets callers at the same time share one transaction: one of them leads
// and makes what the others have asked for while the transaction before ran.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	leading bool
}

type request struct {
	wanted Wanted
	done   chan struct{}
	unit   *Unit
	err    error
}

// most bounds one transaction, and so how long the last in it waits.
const most = 256

func (q *queue) make(ctx context.Context, r *Ring, wanted Wanted) (*Unit, error) {
	mine := &request{wanted: wanted, done: make(chan struct{})}
	q.mu.Lock()
	q.waiting = append(q.waiting, mine)
	lead := !q.leading
	q.leading = true
	q.mu.Unlock()
	if lead {
		// The work of others must not end with this caller's context.
		go q.lead(context.WithoutCancel(ctx), r)
	}
	select {
	case <-mine.done:
		return mine.unit, mine.err
	case <-ctx.Done():
		return nil, fmt.Errorf("make unit %s: %w", wanted.Ref.ID, ctx.Err())
	}
}

func (q *queue) lead(ctx context.Context, r *Ring) {
	for {
		q.mu.Lock()
		n := min(len(q.waiting), most)
		batch := q.waiting[:n:n]
		q.waiting = q.waiting[n:]
		if n == 0 {
			q.leading = false
		}
		q.mu.Unlock()
		if n == 0 {
			return
		}
		serve(ctx, r, batch)
	}
}

const uniqueViolation = "23505"

func serve(ctx context.Context, r *Ring, batch []*request) {
	wanted := make([]Wanted, len(batch))
	for i, one := range batch {
		wanted[i] = one.wanted
	}
	units, err := r.newUnits(ctx, wanted)
	if pg.Code(err) == uniqueViolation {
		units, err = r.newUnits(ctx, wanted)
	}
	for i, one := range batch {
		switch {
		case err != nil:
			one.err = err
		case units[i] == nil:
			one.err = fmt.Errorf("make unit %s: %w", one.wanted.Ref.ID, ErrDestroyed)
		default:
			one.unit = units[i]
		}
		close(one.done)
	}
}
