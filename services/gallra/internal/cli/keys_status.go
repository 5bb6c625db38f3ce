package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"text/tabwriter"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/services/gallra/internal/keys"
)

type keysStatusCommand struct {
	target
	asJSON
	Service string `help:"Only this service's." placeholder:"NAME"`
}

func (keysStatusCommand) Help() string {
	return `Where the root key of each service is and how old, how much is under it, and what waits to be destroyed. Exit status 1
when a service does not answer, a rotation is not ended, or a transport key is kept for too long.

  gallra keys status
  gallra keys status --service intake --json`
}

var errKeys = errors.New("not all keyrings are as they should be")

func (c keysStatusCommand) Run(ctx context.Context, t terminal) error {
	api, err := c.client()
	if err != nil {
		return err
	}
	path := keys.Path
	if c.Service != "" {
		path += "?" + url.Values{"service": {c.Service}}.Encode()
	}
	var standing keys.Standing
	if err := api.Get(ctx, "", path, &standing); err != nil {
		return fmt.Errorf("ask how keys stand: %w", err)
	}
	if c.JSON {
		err = printJSON(t.Out, standing)
	} else {
		err = printStanding(t.Out, standing, clock.PaceNow())
	}
	if err == nil && !sound(standing) {
		err = errKeys
	}
	return err
}

func sound(s keys.Standing) bool {
	for _, holder := range s.Holders {
		if holder.Fault != "" || len(complaints(holder.Status)) > 0 {
			return false
		}
	}
	return true
}

func printStanding(w io.Writer, s keys.Standing, now time.Time) error {
	for i, holder := range s.Holders {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if holder.Fault != "" {
			fmt.Fprintf(w, "%s\n  FAIL  %s\n", holder.Service, holder.Fault)
			continue
		}
		if err := printHolder(w, holder.Service, holder.Status, now); err != nil {
			return err
		}
	}
	return nil
}

func printHolder(out io.Writer, service string, s *keyring.Status, now time.Time) error {
	fmt.Fprintln(out, service)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(what, format string, args ...any) {
		fmt.Fprintf(w, "  %s\t%s\n", what, fmt.Sprintf(format, args...))
	}
	line("keystore", "%s", s.Provider)
	line("root key", "generation %d, %s", s.Generation, since(s.RotatedAt, now))
	line("page table", "%d keys", s.Pages)
	line("units", "%d living, %d with two keys", s.Units, s.Renewing)
	line("transport keys", "%d given out, %d retired, %d of them overdue", s.Transport.Living, s.Transport.Retired, s.Transport.Overdue)
	if s.Index != nil {
		line("look-ups", "%d entries in %d buckets, keys replaced %s", s.Index.Entries, s.Index.Buckets, since(s.Index.ReplacedAt, now))
	}
	if s.Copy == nil {
		line("second medium", "none")
	} else {
		line("second medium", "%s, generation %d, written %s, %d bytes", s.Copy.Dir, s.Copy.Generation, since(s.Copy.At, now), s.Copy.Bytes)
	}
	for _, complaint := range complaints(s) {
		line("FAIL", "%s", complaint)
	}
	return w.Flush()
}

// complaints are what somebody has to look at.
func complaints(s *keyring.Status) (all []string) {
	if len(s.Held) != 1 || s.Held[0] != s.Generation {
		all = append(all, fmt.Sprintf("the keystore holds generations %v: a rotation is not ended; gallra keys rotate ends it, or says why not", s.Held))
	}
	if s.Transport.Overdue > 0 {
		all = append(all, fmt.Sprintf("%d transport keys were retired more than two days ago: something sealed to them is not applied; gallra reconcile says where", s.Transport.Overdue))
	}
	if s.Copy != nil && s.Copy.Generation != s.Generation {
		all = append(all, "the second medium is behind: see that it can be written, then gallra keys rotate")
	}
	return all
}

// since says how long ago something was, in words short enough for a table.
func since(at, now time.Time) string {
	if at.IsZero() {
		return "at an unknown time"
	}
	switch ago := now.Sub(at); {
	case ago < time.Minute:
		return "just now"
	case ago < 2*time.Hour:
		return fmt.Sprintf("%d minutes ago", int(ago.Minutes()))
	case ago < 48*time.Hour:
		return fmt.Sprintf("%d hours ago", int(ago.Hours()))
	default:
		return fmt.Sprintf("%d days ago", int(ago.Hours()/24))
	}
}
