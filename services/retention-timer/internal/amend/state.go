package amend

import (
	"context"
	"encoding/json"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy/follow"
	"gallra.se/libs/problem"
	"gallra.se/services/retention-timer/internal/store"
)

// State is an authority's policy as it stands.
type State struct {
	Authority   string            `json:"authority"`
	Version     string            `json:"version"` // newest
	Hash        string            `json:"hash"`
	Files       map[string]string `json:"files,omitempty"`
	Activations []Activation      `json:"activations"`
	Recomputing bool              `json:"recomputing"`    // units are being counted anew
	Plan        json.RawMessage   `json:"plan,omitempty"` // the last one that was made
}

// Activation is a version that was put into force at run time, oldest first.
type Activation struct {
	Version     string        `json:"version"`
	ValidFrom   calendar.Date `json:"validFrom"`
	ActivatedAt time.Time     `json:"activatedAt"`
	Hash        string        `json:"hash"`
}

// State reads an authority's policy, its files only where they are asked for. Problem: unknown-authority.
func (d *Desk) State(ctx context.Context, authority string, files bool) (State, error) {
	pack, err := d.Pack(authority)
	if err != nil {
		return State{}, problem.New("unknown-authority")
	}
	s := State{Authority: authority, Version: pack.Version, Hash: pack.Hash(), Activations: []Activation{}}
	if files {
		s.Files = pack.Files()
	}
	stored, err := follow.Activations(ctx, d.DB, authority)
	if err != nil {
		return State{}, err
	}
	for _, a := range stored {
		s.Activations = append(s.Activations, Activation{a.Version, a.ValidFrom, a.ActivatedAt.UTC(), a.Hash})
	}
	if s.Recomputing, err = store.IsRecomputing(ctx, d.DB); err != nil {
		return State{}, err
	}
	s.Plan, err = store.PlanOf(ctx, d.DB, authority)
	return s, err
}
