package behalf

import (
	"context"
	"net/url"
	"time"
)

// Look is one time that somebody read something of a person.
type Look struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Who      string    `json:"who"`
	Role     string    `json:"role"`
	Purpose  string    `json:"purpose"`
	Action   string    `json:"action"`
	Category string    `json:"category"`
	Record   string    `json:"record"`
	Outcome  string    `json:"outcome"`
	Signs    []string  `json:"signs"` // what a reviewer should notice
}

// Looks reads who has read what of a person.
func (v Voice) Looks(ctx context.Context, person string) ([]Look, error) {
	said, err := about[struct{ Entries []Look }](ctx, v, "/v1/persons/", person, "/access-log")
	return said.Entries, err
}

// Watched is what one officer has read in a week.
type Watched struct {
	Who         string   `json:"who"`
	Reads       int      `json:"reads"`
	Persons     int      `json:"persons"`
	Unassigned  int      `json:"unassigned"`
	Night       int      `json:"night"`
	SameName    int      `json:"sameName"`
	SameAddress int      `json:"sameAddress"`
	Refused     int      `json:"refused"`
	Signs       []string `json:"signs"`
}

// Review is a week of the access log: its hours count from Monday 00:00 in the authority's zone.
type Review struct {
	Week     string    `json:"week"` // ISO 8601, such as 2026-W47
	From     string    `json:"from"`
	Until    string    `json:"until"`
	Officers []Watched `json:"officers"`
	Hours    []int     `json:"hours"` // 168
	Signs    []string  `json:"signs"`
}

// Review reads a week; empty is the current one.
func (v Voice) Review(ctx context.Context, week string) (Review, error) {
	path := "/v1/access-review"
	if week != "" {
		path += "?week=" + url.QueryEscape(week)
	}
	return get[Review](ctx, v, path)
}
