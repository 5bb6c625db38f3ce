package scenario

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"gallra.se/services/gallra/internal/client"
)

// eyes are the checks that this runner does.
var eyes = map[string]func(*run, context.Context, Step, any) error{
	"readable":   (*run).readable,
	"gone":       (*run).gone,
	"hidden":     (*run).hidden,
	"stored":     (*run).stored,
	"counters":   (*run).countersChanged,
	"absent":     (*run).absent,
	"due":        (*run).due,
	"limits":     (*run).limits,
	"paused":     (*run).paused,
	"receipts":   (*run).receipts,
	"statistics": (*run).statistics,
	"alarms":     (*run).alarms,
}

func (r *run) check(ctx context.Context, step Step, claim Claim) error {
	look, ok := eyes[claim.Key]
	if !ok {
		return ErrUnsupported
	}
	return look(r, ctx, step, claim.Value)
}

// each looks at every ref and joins what is not as it must be.
func each[V any](of map[string]V, look func(ref string, want V) error) error {
	var failed []error
	for _, ref := range slices.Sorted(maps.Keys(of)) {
		if err := look(ref, of[ref]); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", ref, err))
		}
	}
	return errors.Join(failed...)
}

func eachOf(refs []string, look func(ref string) error) error {
	of := map[string]bool{}
	for _, ref := range refs {
		of[ref] = true
	}
	return each(of, func(ref string, _ bool) error { return look(ref) })
}

// read asks for a record as an entitled reader.
func (r *run) read(ctx context.Context, ref string) (client.Answer, error) {
	t, err := r.named(ref)
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.reader(t.Authority)
	if err != nil {
		return client.Answer{}, err
	}
	call := client.Call{Authority: t.Authority, Method: http.MethodGet, Path: t.Path}
	answer, err := caller.Do(ctx, call)
	if err != nil || answer.Status != http.StatusNotFound {
		return answer, err
	}
	if caller, err = r.appointedReader(t.Authority); err != nil {
		return client.Answer{}, err
	}
	return caller.Do(ctx, call)
}

func (r *run) readable(ctx context.Context, _ Step, value any) error {
	return eachOf(value.([]string), func(ref string) error {
		answer, err := r.read(ctx, ref)
		if err == nil && answer.Status != http.StatusOK {
			err = fmt.Errorf("expected readable, found %s", described(outcome(answer), answer))
		}
		return err
	})
}

// gone wants 410, and the evidence that the key is destroyed: a receipt.
func (r *run) gone(ctx context.Context, _ Step, value any) error {
	return eachOf(value.([]string), func(ref string) error {
		answer, err := r.read(ctx, ref)
		if err != nil {
			return err
		}
		if answer.Status != http.StatusGone {
			return fmt.Errorf("expected gone, found %s", described(outcome(answer), answer))
		}
		return r.keyDestroyed(ctx, ref)
	})
}

// stored compares the names of the fields that a record has kept.
func (r *run) stored(ctx context.Context, _ Step, value any) error {
	return each(value.(map[string][]string), func(ref string, want []string) error {
		answer, err := r.read(ctx, ref)
		if err != nil {
			return err
		}
		var said struct{ Stored []string }
		if err := answer.Into(&said); err != nil {
			return err
		}
		if !sameSet(want, said.Stored) {
			return fmt.Errorf("expected %v, found %v", want, said.Stored)
		}
		return nil
	})
}
