package transport

import (
	"context"
	"slices"

	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
)

// Sweeping is called when a sweep destroys something: it retires what is a day
// old, and tells which keys are settled and may end in the sweep's rotation.
func (r *Receiver) Sweeping(ctx context.Context) (settled []string, err error) {
	r.mu.Lock()
	now := clock.PaceNow()
	idle := now.Sub(r.looked) < sweepEvery
	if !idle {
		r.looked = now
	}
	r.mu.Unlock()
	if idle {
		return nil, nil
	}
	retired, err := r.Keys.RetireAged(ctx, r.Business.Now())
	if err != nil {
		return nil, err
	}
	keys, err := r.Keys.RetiredTransportKeys(ctx)
	for _, k := range keys {
		if k.Settled {
			settled = append(settled, k.ID)
		}
	}
	if retired {
		fault.Point("transport.retired")
		if r.Business.Simulated() { // where a day is over before its grace is
			r.hurry(keys)
		}
	}
	return settled, err
}

// Retire retires the present key and has all retired ones settled without
// delay. It returns those.
func (r *Receiver) Retire(ctx context.Context) ([]string, error) {
	if err := r.Keys.RetireTransportKey(ctx); err != nil {
		return nil, err
	}
	fault.Point("transport.retired")
	keys, err := r.Keys.RetiredTransportKeys(ctx)
	if err != nil {
		return nil, err
	}
	r.hurry(keys)
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.ID
	}
	return ids, nil
}

// hurry has keys settled without delay.
func (r *Receiver) hurry(keys []keyring.RetiredKey) {
	r.mu.Lock()
	if r.urgent == nil {
		r.urgent = map[string]bool{}
	}
	for _, k := range keys {
		r.urgent[k.ID] = true
	}
	r.mu.Unlock()
	r.Wake()
}

// living tells which of the keys are not destroyed.
func (r *Receiver) living(ctx context.Context, ids []string) ([]string, error) {
	keys, err := r.Keys.RetiredTransportKeys(ctx)
	if err != nil {
		return nil, err
	}
	living := []string{}
	for _, k := range keys {
		if slices.Contains(ids, k.ID) {
			living = append(living, k.ID)
		}
	}
	return living, nil
}
