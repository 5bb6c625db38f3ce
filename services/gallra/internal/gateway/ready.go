package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"gallra.se/libs/clock"
)

// NotReady names the services that do not say that they are ready.
func (g *Gateway) NotReady(ctx context.Context) []string {
	return slices.Sorted(maps.Keys(g.standing(ctx)))
}

// standing is what the services that are not ready say of themselves, "" where they say nothing.
func (g *Gateway) standing(ctx context.Context) map[string]string {
	missing := map[string]string{}
	for service := range g.sockets {
		if err := ask(ctx, g.sockets[service]); err != nil {
			var said notReady
			_ = errors.As(err, &said)
			missing[service] = string(said)
		}
	}
	return missing
}

// notReady is why a service says that it is not.
type notReady string

func (n notReady) Error() string { return "not ready: " + string(n) }

// longestReason bounds what is repeated of a service's own words, in bytes.
const longestReason = 200

func ask(ctx context.Context, socket string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://service/readyz", nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	reason, err := io.ReadAll(io.LimitReader(response.Body, longestReason))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return notReady(strings.TrimSpace(strings.TrimPrefix(string(reason), "not ready:")))
	}
	return nil
}

// Await returns when every service is ready.
func (g *Gateway) Await(ctx context.Context) error {
	for {
		missing := g.NotReady(ctx)
		if len(missing) == 0 {
			return nil
		}
		if err := clock.Sleep(ctx, 50*time.Millisecond); err != nil {
			return fmt.Errorf("await %s: %w", strings.Join(missing, ", "), err)
		}
	}
}

// restored begins what a service says that replays what was destroyed since its backup.
const restored = "restored"

func (g *Gateway) ready(w http.ResponseWriter, r *http.Request) {
	standing := g.standing(r.Context())
	var missing []string
	for _, service := range slices.Sorted(maps.Keys(standing)) {
		if reason := standing[service]; strings.HasPrefix(reason, restored) {
			service += " (" + reason + ")"
		}
		missing = append(missing, service)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(missing) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "not ready: %s\n", strings.Join(missing, ", "))
		return
	}
	fmt.Fprintln(w, "ok")
}
