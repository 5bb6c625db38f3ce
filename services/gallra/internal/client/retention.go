package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Retention is a record's answer to "until when, and why". Dates are civil and say the day from whose 00:00 it is gone;
// "none" or nothing where none runs.
type Retention struct {
	Record    string    `json:"record"`
	Authority string    `json:"authority"`
	Unit      string    `json:"unit"`
	Kind      string    `json:"kind"`
	Category  string    `json:"category"`
	CaseType  string    `json:"caseType"`
	State     string    `json:"state"`
	Rule      string    `json:"rule"`
	Due       string    `json:"due"`
	DueAt     time.Time `json:"dueAt"`
	Limits    struct {
		Normal    string `json:"normal"`
		Ceiling   string `json:"ceiling"`
		Statutory string `json:"statutory"` // the 31 December that is the outer bound
	} `json:"limits"`
	CollectedOn     string `json:"collectedOn"`
	Floor           string `json:"floor"`
	ExtendedUntil   string `json:"extendedUntil"`
	ArchiveTransfer string `json:"archiveTransfer"`
	PolicyVersion   string `json:"policyVersion"` // one or two names

	Paused         []string `json:"paused"`
	Declined       string   `json:"declined"`
	OverdueBecause string   `json:"overdueBecause"`
	Preserved      bool     `json:"preserved"`
	Silence        string   `json:"silence"` // why the notice promises no end
	Erasure        *struct {
		Rule      string    `json:"rule"` // requirement of its ground
		OrderedAt time.Time `json:"orderedAt"`
	} `json:"erasure,omitempty"` // somebody has ordered it

	Clocks []RunningClock `json:"clocks"`
	Holds  []Hold         `json:"holds"`
	Trail  []Computed     `json:"trail"`
}

// RunningClock is one rule counted from one day.
type RunningClock struct {
	Rule        string `json:"rule"`
	Requirement string `json:"requirement"`
	Title       struct {
		En string `json:"en"`
		Sv string `json:"sv"`
	} `json:"title"`
	Trigger string `json:"trigger"`
	D0      string `json:"d0"`
	Period  string `json:"period"`
	Mode    string `json:"mode"`
	E       string `json:"e"`
	DueOn   string `json:"dueOn"`
	Limit   string `json:"limit"`
	State   string `json:"state"`
}

// Computed is one time that a due date was worked out anew.
type Computed struct {
	At      time.Time `json:"at"`
	Because string    `json:"because"`
	Rule    string    `json:"rule"`
	DueOn   string    `json:"dueOn"`
}

// Hold pauses destruction and nothing else.
type Hold struct {
	Hold       string     `json:"hold"`
	Authority  string     `json:"authority"`
	Scope      string     `json:"scope"` // record, case, person
	Target     string     `json:"target"`
	Reason     string     `json:"reason"`
	PlacedAt   time.Time  `json:"placedAt"`
	ReviewAt   time.Time  `json:"reviewAt"`
	ReleasedAt *time.Time `json:"releasedAt,omitempty"`
	Units      int        `json:"units"`
	Overdue    bool       `json:"overdue"` // nobody has reviewed it in time
}

// HoldRequest asks for a hold. ReviewAt is a civil date or an instant; empty: in six months, which is the longest.
type HoldRequest struct {
	Scope    string `json:"scope"`
	Target   string `json:"target"`
	Reason   string `json:"reason"`
	ReviewAt string `json:"reviewAt,omitempty"`
}

// Erasure is an order to erase before a period has ended.
type Erasure struct {
	Erasure   string          `json:"erasure"`
	Scope     string          `json:"scope"` // record, case, person
	Target    string          `json:"target"`
	Ground    string          `json:"ground"`
	Rule      string          `json:"rule"` // requirement of the ground, which receipts name
	OrderedAt time.Time       `json:"orderedAt"`
	State     string          `json:"state"` // ordered, waiting, declined, done
	DueAt     time.Time       `json:"dueAt,omitzero"`
	Disposed  int             `json:"disposed"` // records
	Records   []ErasureRecord `json:"records"`  // that it takes and that are still there
	Withheld  []Withheld      `json:"withheld"` // that stay
}

// ErasureRecord is a record that an order takes.
type ErasureRecord struct {
	Record   string    `json:"record"`
	State    string    `json:"state"` // parting, ordered, waiting, due, declined
	DueAt    time.Time `json:"dueAt,omitzero"`
	Declined string    `json:"declined,omitempty"`
}

// Withheld is a record that stays, and the requirement by which it does.
type Withheld struct {
	Record string `json:"record"`
	Rule   string `json:"rule"`
}

// Review is what somebody must look at before it goes: all that falls due in one month in one category.
type Review struct {
	Authority   string `json:"authority"`
	Category    string `json:"category"`
	Month       string `json:"month"`
	Units       int    `json:"units"`
	Records     int    `json:"records"`
	FirstDue    string `json:"firstDue"`
	LastCeiling string `json:"lastCeiling"` // instant from which the last of it goes without an approval
	Hash        string `json:"hash"`        // of exactly these units
}

// Retention asks about a record of the authority.
func (c *Client) Retention(ctx context.Context, authority, record string) (Retention, error) {
	var r Retention
	return r, c.Get(ctx, authority, "/v1/retention/"+url.PathEscape(record), &r)
}

// Holds lists those that are not released.
func (c *Client) Holds(ctx context.Context, authority string) ([]Hold, error) {
	var said struct{ Holds []Hold }
	return said.Holds, c.Get(ctx, authority, "/v1/holds", &said)
}

// PlaceHold answers with the hold's id. Placing again with the same scope, target and reason renews the review.
func (c *Client) PlaceHold(ctx context.Context, authority string, h HoldRequest) (string, error) {
	var said struct{ ID string }
	return said.ID, c.Post(ctx, authority, "/v1/holds", h, &said)
}

// ReleaseHold ends a hold; ending it twice is ending it once.
func (c *Client) ReleaseHold(ctx context.Context, authority, id string) error {
	answer, err := c.Do(ctx, Call{Authority: authority, Method: http.MethodDelete, Path: "/v1/holds/" + url.PathEscape(id)})
	if err != nil {
		return err
	}
	return answer.Into(nil)
}

// Erase orders an erasure of a record, a case or a person; ordering it again is ordering it once.
func (c *Client) Erase(ctx context.Context, authority, scope, target, ground string) (Erasure, error) {
	var said Erasure
	return said, c.Post(ctx, authority, "/v1/erasures", map[string]string{scope: target, "ground": ground}, &said)
}

// Erasures lists the orders, the newest first.
func (c *Client) Erasures(ctx context.Context, authority string) ([]Erasure, error) {
	var said struct{ Erasures []Erasure }
	return said.Erasures, c.Get(ctx, authority, "/v1/erasures", &said)
}

// Reviews lists what waits for an approval.
func (c *Client) Reviews(ctx context.Context, authority string) ([]Review, error) {
	var said struct{ Reviews []Review }
	return said.Reviews, c.Get(ctx, authority, "/v1/reviews", &said)
}

// ApproveReview lets exactly the units go that the hash stands for, and says how many they are.
func (c *Client) ApproveReview(ctx context.Context, authority, category, month, hash string) (int, error) {
	var said struct{ Units int }
	return said.Units, c.Post(ctx, authority, "/v1/reviews/approve", map[string]string{"category": category, "month": month, "hash": hash}, &said)
}
