package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"gallra.se/services/gallra/internal/client"
)

func (r *run) retention(ctx context.Context, ref string) (client.Retention, error) {
	t, err := r.named(ref)
	if err != nil {
		return client.Retention{}, err
	}
	caller, err := r.reader(t.Authority)
	if err != nil {
		return client.Retention{}, err
	}
	said, err := caller.Retention(ctx, t.Authority, t.Record)
	var refusal *client.Refusal
	if !errors.As(err, &refusal) || refusal.Status != http.StatusNotFound {
		return said, err
	}
	if caller, err = r.appointedReader(t.Authority); err != nil {
		return client.Retention{}, err
	}
	return caller.Retention(ctx, t.Authority, t.Record)
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

// paused wants the reason among those for which a record is not destroyed.
func (r *run) paused(ctx context.Context, _ Step, value any) error {
	return each(value.(map[string]string), func(ref, want string) error {
		said, err := r.retention(ctx, ref)
		if err == nil && !slices.Contains(said.Paused, want) {
			err = fmt.Errorf("expected paused by %s, found %v", want, said.Paused)
		}
		return err
	})
}
