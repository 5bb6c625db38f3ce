package gateway

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"gallra.se/libs/clock"
)

// NotReady names the services that do not say that they are ready.
func (g *Gateway) NotReady(ctx context.Context) []string {
	var missing []string
	for service := range g.sockets {
		if err := ask(ctx, g.sockets[service]); err != nil {
			missing = append(missing, service)
		}
	}
	slices.Sort(missing)
	return missing
}

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
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
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

func (g *Gateway) ready(w http.ResponseWriter, r *http.Request) {
	missing := g.NotReady(r.Context())
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(missing) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "not ready: %s\n", strings.Join(missing, ", "))
		return
	}
	fmt.Fprintln(w, "ok")
}
