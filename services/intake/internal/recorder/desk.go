// Package recorder keeps recordings of calls: what package recording decides, it stores with its events, and the audio chunk
// by chunk. Nothing is answered before it is committed.
package recorder

import (
	"context"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/keeper"
	"gallra.se/services/intake/internal/recording"
	"gallra.se/services/intake/internal/store"
)

// Desk keeps recordings.
type Desk struct {
	keeper.Keeper
	Simulated bool // only test numbers are accepted

	Changed func() // hears that a call has begun; nil hears nothing
}

// rules are those of an authority that records calls; any other is refused.
func (d *Desk) rules(authority string) (*policy.Pack, policy.Recording, error) {
	pack, err := d.Pack(authority)
	if err != nil {
		return nil, policy.Recording{}, err
	}
	rules, ok := pack.Recording()
	if !ok {
		return nil, rules, problem.New("unknown-channel")
	}
	return pack, rules, nil
}

// living is a recording that there still is.
func (d *Desk) living(ctx context.Context, authority string, id uuid.UUID) (store.Holding, policy.Recording, error) {
	_, rules, err := d.rules(authority)
	if err != nil {
		return store.Holding{}, rules, err
	}
	held, err := d.Find(ctx, authority, id, rules.Category)
	return held, rules, err
}

func stateOf(r store.Recording) recording.State {
	s := recording.State{Line: r.Line, StartedAt: r.StartedAt, EndedAt: r.EndedAt}
	if r.Cut != nil {
		s.Cut = &recording.Cut{At: time.Duration(*r.Cut) * time.Millisecond, Because: r.CutBecause}
	}
	return s
}
