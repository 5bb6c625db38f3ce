package transport

import (
	"context"
	"errors"
	"fmt"

	"gallra.se/libs/bus"
	"gallra.se/libs/fault"
	"gallra.se/libs/keyring"
	"gallra.se/libs/seal"
)

// settle says whether nothing is sealed to a retired key that is still wanted,
// and notes it.
func (r *Receiver) settle(ctx context.Context, k keyring.RetiredKey) (bool, error) {
	if k.Settled {
		return true, nil
	}
	for _, sender := range r.Senders {
		if all, err := r.received(ctx, sender, k.ID); err != nil || !all {
			return false, err
		}
	}
	if err := bus.ResealParked(ctx, r.DB, k.ID, r.reseal); err != nil {
		return false, err
	}
	if err := r.Keys.SettleTransportKey(ctx, k.ID); err != nil {
		return false, err
	}
	fault.Point("transport.settled")
	return true, nil
}

// received says that a sender has closed a key, and that every event which it
// sealed to it is in the inbox. What was seen is not asked for again.
func (r *Receiver) received(ctx context.Context, sender, keyID string) (bool, error) {
	for {
		page, err := r.ask(ctx, sender, SealedQuestion{KeyID: keyID, Place: r.place(sender, keyID)})
		if err != nil {
			return false, err
		}
		unseen, err := bus.Unseen(ctx, r.DB, page.Events)
		if err != nil || len(unseen) > 0 {
			return false, err
		}
		r.passed(sender, keyID, page.Next)
		if !page.More {
			return true, nil
		}
	}
}

func (r *Receiver) place(sender, keyID string) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.places[asked{sender, keyID}]
}

func (r *Receiver) passed(sender, keyID string, place int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.places == nil {
		r.places = map[asked]int64{}
	}
	r.places[asked{sender, keyID}] = place
}

// reseal seals the box of a parked event to the key that is given out now.
func (r *Receiver) reseal(ctx context.Context, ev bus.Event, box bus.Box) (bus.Box, bool, error) {
	aad, ok := r.AAD(ev)
	if !ok {
		return box, false, nil
	}
	plain, err := r.Keys.OpenSealed(ctx, box.KeyID, aad, box.Sealed)
	if errors.Is(err, keyring.ErrBox) || errors.Is(err, keyring.ErrDestroyed) {
		return box, false, nil
	}
	if err != nil {
		return box, false, err
	}
	defer clear(plain)
	public, id, err := r.Keys.TransportKey(ctx, r.Business.Now())
	if err != nil {
		return box, false, err
	}
	sealed, err := seal.Seal(public, aad, plain)
	if err != nil {
		return box, false, fmt.Errorf("seal to the present key: %w", err)
	}
	return bus.Box{Sealed: sealed, KeyID: id}, true, nil
}
