package scenario

import (
	"context"
	"fmt"
	"time"
)

// retention is what retention-timer answers about a record.
type retention struct {
	Due    string    `json:"due"`
	DueAt  time.Time `json:"dueAt"`
	Limits struct {
		Normal    string `json:"normal"`
		Ceiling   string `json:"ceiling"`
		Statutory string `json:"statutory"`
	} `json:"limits"`
}

func (r *run) retention(ctx context.Context, ref string) (retention, error) {
	var said retention
	t, err := r.named(ref)
	if err != nil {
		return said, err
	}
	caller, err := r.reader(t.Authority)
	if err != nil {
		return said, err
	}
	return said, caller.Get(ctx, t.Authority, "/v1/retention/"+t.Record, &said)
}

// due compares the first moment at which a record is gone: a date is its 00:00 in the
// authority's zone.
func (r *run) due(ctx context.Context, step Step, value any) error {
	return each(value.(map[string]string), func(ref, want string) error {
		said, err := r.retention(ctx, ref)
		if err != nil {
			return err
		}
		if _, notDate := time.Parse(time.DateOnly, want); notDate == nil || want == "none" {
			if said.Due != want {
				return fmt.Errorf("expected %s, found %s", want, said.Due)
			}
			return nil
		}
		at, err := Moment(want, zoneOf(step.Authority))
		if err != nil {
			return err
		}
		if !said.DueAt.Equal(at) {
			return fmt.Errorf("expected %s, found %s", want, said.DueAt.Format(time.RFC3339))
		}
		return nil
	})
}

// limits compares those of the three dates that the author wrote.
func (r *run) limits(ctx context.Context, _ Step, value any) error {
	return each(value.(map[string]Limits), func(ref string, want Limits) error {
		said, err := r.retention(ctx, ref)
		if err != nil {
			return err
		}
		for _, limit := range []struct{ name, want, found string }{
			{"normal", want.Normal, said.Limits.Normal},
			{"ceiling", want.Ceiling, said.Limits.Ceiling},
			{"statutory", want.Statutory, said.Limits.Statutory},
		} {
			if limit.want != "" && limit.want != limit.found {
				return fmt.Errorf("expected %s %s, found %s", limit.name, limit.want, limit.found)
			}
		}
		return nil
	})
}
