package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/credentials"
)

type deployAwaitCommand struct {
	Dir     string        `required:"" env:"GALLRA_SECRETS" help:"Folder of the deployment's secrets." placeholder:"DIR"`
	URL     string        `default:"https://127.0.0.1:8443" help:"Address of the gateway, as this machine reaches it."`
	Nats    string        `default:"tls://127.0.0.1:4222" help:"Address of the nats-server, as this machine reaches it."`
	Timeout time.Duration `default:"3m" help:"How long it may take."`
}

func (deployAwaitCommand) Help() string {
	return `Waits until every service of a deployment is ready, and says on the way which are not. Then the other commands of this
user find it under its address.

  gallra deploy await --dir deploy/secrets --url https://127.0.0.1:8443`
}

func (c deployAwaitCommand) Run(ctx context.Context, t terminal) error {
	found, err := c.found()
	if err != nil {
		return err
	}
	api, err := found.Client() // what an earlier deployment has left under this address is of no use
	if err != nil {
		return err
	}
	if err := c.await(ctx, t, api); err != nil {
		return err
	}
	if _, err := found.Leave(); err != nil {
		return err
	}
	return c.tell(t, found)
}

// found is what the CLI finds the deployment by.
func (c deployAwaitCommand) found() (client.Found, error) {
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return client.Found{}, fmt.Errorf("resolve %s: %w", c.Dir, err)
	}
	folder := credentials.Shared(dir)
	return client.Found{
		URL: strings.TrimSuffix(c.URL, "/"), TokenKey: folder.TokenKey(), CA: folder.CA(), Secrets: dir,
		Nats: client.FoundNats{URL: c.Nats, Outside: folder.Seed("outside"), Analyst: folder.Seed("analyst"), CA: folder.CA()},
	}, nil
}

func (c deployAwaitCommand) await(ctx context.Context, t terminal, api *client.Client) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	told := ""
	for {
		missing := notReady(ctx, api)
		if missing == "" {
			return nil
		}
		if missing != told && ctx.Err() == nil {
			fmt.Fprintln(t.Err, "waiting:", missing)
			told = missing
		}
		if err := clock.Sleep(ctx, 500*time.Millisecond); errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("not ready after %s: %s", c.Timeout, told)
		} else if err != nil {
			return err
		}
	}
}

// notReady says what is missing in the system's own words, or why it says nothing; "" when all is there.
func notReady(ctx context.Context, api *client.Client) string {
	answer, err := api.Do(ctx, client.Call{Method: http.MethodGet, Path: "/readyz"})
	switch said := strings.TrimSpace(string(answer.Body)); {
	case errors.Is(err, client.ErrNoSystem):
		return "the gateway does not listen yet"
	case err != nil:
		return err.Error()
	case answer.OK():
		return ""
	case strings.HasPrefix(said, "not ready"):
		return said
	}
	return "control does not answer yet"
}

func (c deployAwaitCommand) tell(t terminal, found client.Found) error {
	_, err := fmt.Fprintf(t.Out, `gallra is ready: %[1]s
  its certificate is signed by %[2]s
  NATS for other systems: %[3]s
next:
  export GALLRA_URL=%[1]s
  bin/gallra status
  bin/gallra import docs/examples/week.jsonl
  deploy/compose.sh ps    and make logs, make down
`, found.URL, found.CA, found.Nats.URL)
	return err
}
