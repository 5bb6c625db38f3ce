package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"gallra.se/libs/clock"
)

// DuplicateHeader marks the answer to a repeat of what was accepted before.
const DuplicateHeader = "Gallra-Duplicate"

// Refusal is a problem document, as far as a client acts on it.
type Refusal struct {
	Status int    `json:"status"`
	Reason string `json:"reason"`
	Title  string `json:"title"`
	Field  string `json:"field"`
	Rule   string `json:"rule"`
	Detail string `json:"detail"`
}

func (r *Refusal) Error() string {
	text := r.Reason
	if text == "" {
		text = "status " + strconv.Itoa(r.Status)
	}
	for _, more := range []string{r.Field, r.Rule, r.Title, r.Detail} {
		if more != "" {
			text += ": " + more
		}
	}
	return text
}

// OK says that the system did what it was asked.
func (a Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// Duplicate says that the answer repeats an earlier one.
func (a Answer) Duplicate() bool { return a.Header.Get(DuplicateHeader) == "true" }

// Refusal reads the problem document of an answer that is not OK.
func (a Answer) Refusal() *Refusal {
	refusal := &Refusal{}
	if json.Unmarshal(a.Body, refusal) != nil {
		refusal = &Refusal{}
	}
	refusal.Status = a.Status
	return refusal
}

// Into decodes an OK answer; any other is returned as its Refusal.
func (a Answer) Into(v any) error {
	if !a.OK() {
		return a.Refusal()
	}
	if v == nil || len(a.Body) == 0 {
		return nil
	}
	if err := json.Unmarshal(a.Body, v); err != nil {
		return fmt.Errorf("decode answer: %w", err)
	}
	return nil
}

// asksBack is an answer that says when to come again.
func (a Answer) asksBack() bool {
	return a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != ""
}

func (a Answer) pause(ctx context.Context) error {
	seconds, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if err != nil || seconds < 0 || seconds > 30 {
		seconds = 1
	}
	return clock.Sleep(ctx, time.Duration(seconds)*time.Second)
}
