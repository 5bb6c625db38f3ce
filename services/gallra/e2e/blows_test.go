package e2e

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gallra.se/libs/clock"
)

// blow is something that is done to a deployment while it works.
type blow struct {
	what   string
	strike func(context.Context) error
}

// outage is how long (Pace) what is taken away stays away.
const outage = 2 * time.Second

// away takes a server away and brings it back: by `stop` in good order, by `kill` not.
func away(verb, service string) blow {
	return blow{verb + " " + service, func(ctx context.Context) error {
		if _, err := composed(ctx, verb, service); err != nil {
			return err
		}
		if err := clock.Sleep(ctx, outage); err != nil {
			return err
		}
		_, err := composed(ctx, "start", service)
		return err
	}}
}

// restarted ends a container in good order and starts it again at once.
func restarted(service string) blow {
	return blow{"restart " + service, func(ctx context.Context) error {
		_, err := composed(ctx, "restart", "--timeout", "10", service)
		return err
	}}
}

// killed ends one container of a service hard and starts it again.
func killed(container string) blow {
	return blow{"kill " + container, func(ctx context.Context) error {
		if _, err := run(ctx, "", "docker", "kill", container); err != nil {
			return err
		}
		_, err := run(ctx, "", "docker", "start", container)
		return err
	}}
}

// blows strikes one after another as an import reports progress. Each comes from another
// goroutine, so that it falls within a request and not between two.
type blows struct {
	t     *testing.T
	every int // reports of progress between two blows
	list  []blow

	seen   int
	struck int
	under  chan error // of the blow that is under way; nil: none
	failed []error
}

func (b *blows) Line(int)        { b.progress() }
func (b *blows) Clock(time.Time) { b.progress() }

func (b *blows) progress() {
	if b.under != nil {
		select {
		case err := <-b.under:
			b.over(err)
		default:
			return
		}
	}
	if b.seen++; b.seen%b.every != 0 || b.struck == len(b.list) {
		return
	}
	next := b.list[b.struck]
	b.struck++
	b.under = make(chan error, 1)
	b.t.Logf("%s", next.what)
	go func(under chan<- error) { under <- next.strike(b.t.Context()) }(b.under)
}

func (b *blows) over(err error) {
	b.under = nil
	if err != nil {
		b.failed = append(b.failed, fmt.Errorf("%s: %w", b.list[b.struck-1].what, err))
	}
}

// all waits for the last blow, and wants every one to have been struck.
func (b *blows) all() {
	b.t.Helper()
	if b.under != nil {
		b.over(<-b.under)
	}
	if err := errors.Join(b.failed...); err != nil {
		b.t.Error(err)
	}
	if b.struck < len(b.list) {
		b.t.Errorf("the import ended after %d of %d blows", b.struck, len(b.list))
	}
}
