package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/trespass"
)

type credentialsCheckCommand struct {
	asJSON
	Dir        string `env:"GALLRA_SECRETS" help:"Folder of the secrets of a deployment in containers." placeholder:"DIR"`
	Data       string `help:"Data directory of a running gallra up, instead of all the rest." placeholder:"DIR"`
	Nats       string `default:"tls://nats:4222" env:"GALLRA_NATS" help:"URL of the nats-server." placeholder:"URL"`
	Operations string `env:"GALLRA_OPERATIONS" help:"URL of the operation's PostgreSQL server; roles and passwords are put in." placeholder:"URL"`
	Keys       string `env:"GALLRA_KEYS" help:"The same of the server of the key databases." placeholder:"URL"`
	Statistics string `env:"GALLRA_STATISTICS" help:"The same of the statistics' server." placeholder:"URL"`
}

func (credentialsCheckCommand) Help() string {
	return `Tries every key at every door of a running system: each NATS user and partner on each kind of subject, each database role
at each database of each server. Prints how often each was refused as it should be, then what is a leak (it went through
and should not) and what is barred (it should and did not). Exit status 0 only when there is neither. Changes nothing.

  gallra credentials check --data data
  gallra credentials check --dir secrets --nats tls://nats:4222 --operations 'postgres://db/postgres?sslmode=verify-full&sslrootcert=secrets/ca.pem'`
}

func (c credentialsCheckCommand) Run(ctx context.Context, t terminal) error {
	folder, urls, err := c.place()
	if err != nil {
		return err
	}
	attempts, err := trespass.Bus(ctx, folder, c.Nats)
	if err != nil {
		return err
	}
	databases, err := trespass.Databases(ctx, folder.Passwords(), urls)
	if err != nil {
		return err
	}
	attempts = append(attempts, databases...)
	wrong := trespass.Wrong(attempts)
	if c.JSON {
		err = printJSON(t.Out, map[string]any{"attempts": len(attempts), "tallies": trespass.Tallies(attempts), "wrong": append([]trespass.Attempt{}, wrong...)})
	} else {
		err = printAttempts(t.Out, attempts, wrong)
	}
	if err == nil && len(wrong) > 0 {
		err = errors.New("the credentials are not as they should be")
	}
	return err
}

// place finds the secrets and the servers.
func (c *credentialsCheckCommand) place() (folder credentials.Folder, urls map[string]string, err error) {
	if c.Data != "" {
		layout := embedded.Layout{Dir: c.Data}
		at, ok := layout.Credentials().Listens()
		server, err := layout.Running()
		if err != nil || !ok {
			return folder, nil, errors.Join(fmt.Errorf("%s holds no running system", c.Data), err)
		}
		c.Nats = "nats://" + at
		return layout.Credentials(), map[string]string{
			credentials.Operations: server, credentials.Keys: server, credentials.Statistics: server}, nil
	}
	if c.Dir == "" || c.Operations == "" || c.Keys == "" || c.Statistics == "" {
		return folder, nil, errors.New("give --data DIR; or --dir DIR, --operations URL, --keys URL and --statistics URL: what is not tried is not shown to be closed")
	}
	return credentials.Shared(c.Dir), map[string]string{
		credentials.Operations: c.Operations, credentials.Keys: c.Keys, credentials.Statistics: c.Statistics}, nil
}

func printAttempts(w io.Writer, all, wrong []trespass.Attempt) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WHO\tOWN\tREFUSED\tLEAKS\tBARRED")
	for _, t := range trespass.Tallies(all) {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\n", t.Who, t.Own, t.Refused, t.Leaks, t.Barred)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, a := range wrong {
		kind := "BARRED"
		if a.Leak() {
			kind = "LEAK"
		}
		fmt.Fprintf(w, "%s: %s: %s\n", kind, a.Who, a.What)
	}
	_, err := fmt.Fprintf(w, "%d attempts, %d wrong\n", len(all), len(wrong))
	return err
}
