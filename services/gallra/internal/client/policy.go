package client

import (
	"context"
	"time"

	"gallra.se/libs/policy"
)

// Policy is the pack that an authority goes by.
type Policy struct {
	Authority   string            `json:"authority"`
	Version     string            `json:"version"`
	Hash        string            `json:"hash"`
	Files       map[string]string `json:"files"`
	Activations []Activation      `json:"activations"`
}

// Activation is one step of a pack's history.
type Activation struct {
	Version     string    `json:"version"`
	ValidFrom   string    `json:"validFrom"` // civil date
	ActivatedAt time.Time `json:"activatedAt"`
	Hash        string    `json:"hash"`
}

// Plan is what a changed pack would do to the records that live now. All figures count records.
type Plan struct {
	Hash      string          `json:"hash"`
	Authority string          `json:"authority"`
	From      string          `json:"from"` // policy version
	To        string          `json:"to"`
	Changes   []policy.Change `json:"changes"`
	Moves     []Move          `json:"moves"`
	Totals    struct {
		Living    int `json:"living"`
		Earlier   int `json:"earlier"`
		Later     int `json:"later"`
		AtOnce    int `json:"atOnce"`
		Unchanged int `json:"unchanged"`
	} `json:"totals"`
}

// Move is what becomes of the records of one category whose new due date lies in one month ("2026-03", or "none").
type Move struct {
	Category  string `json:"category"`
	Rule      string `json:"rule"`
	Month     string `json:"month"`
	Earlier   int    `json:"earlier"`
	Later     int    `json:"later"`
	AtOnce    int    `json:"atOnce"`
	Unchanged int    `json:"unchanged"`
}

// Moved is how many of them do not go when they would have.
func (m Move) Moved() int { return m.Earlier + m.Later + m.AtOnce }

// Policy asks for the pack with its files.
func (c *Client) Policy(ctx context.Context, authority string) (Policy, error) {
	var p Policy
	return p, c.Get(ctx, authority, "/v1/policy", &p)
}

// PlanPolicy asks what a changed pack would do; nothing changes.
func (c *Client) PlanPolicy(ctx context.Context, authority string, files map[string]string) (Plan, error) {
	var p Plan
	return p, c.Post(ctx, authority, "/v1/policy/plan", map[string]any{"files": files}, &p)
}

// ActivatePolicy puts a pack into force whose plan, by its hash, somebody has looked at.
func (c *Client) ActivatePolicy(ctx context.Context, authority string, files map[string]string, plan string) (Activation, error) {
	var a Activation
	return a, c.Post(ctx, authority, "/v1/policy/activate", map[string]any{"files": files, "plan": plan}, &a)
}
