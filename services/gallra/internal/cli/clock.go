package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"gallra.se/services/gallra/internal/client"
)

type clockNowCommand struct {
	target
	asJSON
}

func (clockNowCommand) Help() string {
	return `Only a simulated system has a clock that stands still.

  gallra clock now`
}

func (c clockNowCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	now, err := simulated(ctx, api)
	if err != nil {
		return err
	}
	return printClock(t, c.JSON, now)
}

type clockAdvanceCommand struct {
	target
	asJSON
	To string `arg:"" help:"A date (its 00:00 in Stockholm), an RFC 3339 instant, or a span such as 36h or 10d from now."`
}

func (clockAdvanceCommand) Help() string {
	return `The clock moves deadline by deadline, and the command returns when the system is settled at the new time.

  gallra clock advance 2024-05-01
  gallra clock advance 10d`
}

func (c clockAdvanceCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	// Going to the same time twice is going there once.
	api = api.Patient(client.NewPatience(func(text string) { fmt.Fprintln(t.Err, text) }))
	now, err := simulated(ctx, api)
	if err != nil {
		return err
	}
	to, err := moment(c.To, now.Now)
	if err != nil {
		return err
	}
	reached, err := api.Advance(ctx, to)
	if err != nil {
		return fmt.Errorf("advance the clock: %w", err)
	}
	return printClock(t, c.JSON, reached)
}

// simulated asks for the simulated time; a system on real time has none.
func simulated(ctx context.Context, api *client.Client) (client.Clock, error) {
	now, err := api.Clock(ctx)
	var refusal *client.Refusal
	if errors.As(err, &refusal) && refusal.Status == http.StatusNotFound {
		return now, errors.New("this system runs on real time: only one started with --clock simulated has a clock to look at or move")
	}
	if err != nil {
		return now, fmt.Errorf("ask for the simulated clock: %w", err)
	}
	return now, nil
}

func moment(text string, now time.Time) (time.Time, error) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		return time.Time{}, fmt.Errorf("load time zone: %w", err)
	}
	if at, err := time.ParseInLocation(time.DateOnly, text, stockholm); err == nil {
		return at, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	if span, err := time.ParseDuration(text); err == nil {
		return now.Add(span), nil
	}
	var days int
	if n, err := fmt.Sscanf(text, "%dd", &days); n == 1 && err == nil && text == fmt.Sprintf("%dd", days) {
		return now.AddDate(0, 0, days), nil
	}
	return time.Time{}, fmt.Errorf("%q is neither a date, an RFC 3339 instant nor a span", text)
}

func printClock(t terminal, asJSON bool, now client.Clock) error {
	if asJSON {
		return printJSON(t.Out, now)
	}
	_, err := fmt.Fprintln(t.Out, now.Now.UTC().Format(time.RFC3339))
	return err
}
