// Package outside is how a service calls an endpoint that it does not own: an HTTP client with timeouts behind one
// circuit breaker per endpoint. It promises that an open breaker makes no call, that nothing of a body is kept or
// logged, and that redirects are not followed. It retries nothing: when to try again is the caller's decision, on the
// business clock. The breaker's own pause is Pace.
package outside

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// ErrOpen: the endpoint has failed too often; no call was made.
var ErrOpen = errors.New("the breaker is open")

// Config of one endpoint. Zero values are replaced by the defaults in brackets.
type Config struct {
	Name     string
	Failures uint32        // in a row until the breaker opens [5]
	Pause    time.Duration // open until one trial is let through [30 s]
	Timeout  time.Duration // of a whole call [10 s]

	Changed func(from, to string) // called at each change of state, may be nil
}

// Breaker guards one endpoint. Safe for concurrent use.
type Breaker struct {
	client *http.Client
	cb     *gobreaker.CircuitBreaker[int]
	calls  atomic.Uint64
	failed atomic.Uint64
	opened atomic.Uint64
}

// New makes a closed breaker.
func New(c Config) *Breaker {
	failures := orElse(c.Failures, 5)
	b := &Breaker{client: &http.Client{
		Timeout:       orElse(c.Timeout, 10*time.Second),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	b.cb = gobreaker.NewCircuitBreaker[int](gobreaker.Settings{
		Name: c.Name, MaxRequests: 1, Timeout: orElse(c.Pause, 30*time.Second),
		ReadyToTrip:   func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= failures },
		OnStateChange: func(_ string, from, to gobreaker.State) { b.change(c.Changed, from, to) },
	})
	return b
}

func (b *Breaker) change(tell func(from, to string), from, to gobreaker.State) {
	if to == gobreaker.StateOpen {
		b.opened.Add(1)
	}
	if tell != nil {
		tell(from.String(), to.String())
	}
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Header is one extra header of a Post.
type Header struct{ Name, Value string }

// Post sends body and returns the endpoint's status. A status outside 2xx comes back with an error; 5xx, 408 and 429
// count against the endpoint, as does no answer. ErrOpen means that nothing was sent.
func (b *Breaker) Post(ctx context.Context, url, contentType string, body []byte, headers ...Header) (int, error) {
	status, err := b.cb.Execute(func() (int, error) {
		b.calls.Add(1)
		return b.post(ctx, url, contentType, body, headers)
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return 0, ErrOpen
	}
	if err != nil {
		b.failed.Add(1)
		return status, err
	}
	if status < 200 || status > 299 {
		return status, fmt.Errorf("post to endpoint: answered %d", status)
	}
	return status, nil
}

func (b *Breaker) post(ctx context.Context, url, contentType string, body []byte, headers []Header) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("make request to endpoint: %w", err)
	}
	req.Header.Set("Content-Type", contentType)
	for _, h := range headers {
		req.Header.Set(h.Name, h.Value)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("post to endpoint: %w", bare(err))
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if overloaded(resp.StatusCode) {
		return resp.StatusCode, fmt.Errorf("post to endpoint: answered %d", resp.StatusCode)
	}
	return resp.StatusCode, nil
}

func overloaded(status int) bool {
	return status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests
}

// bare drops the URL, whose path or query could name someone.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// State is one of States.
func (b *Breaker) State() string { return b.cb.State().String() }

// States are those that a breaker can be in: closed, half-open, open.
func States() []string {
	return []string{gobreaker.StateClosed.String(), gobreaker.StateHalfOpen.String(), gobreaker.StateOpen.String()}
}

// Counts since the start: calls that were made and calls that failed.
func (b *Breaker) Counts() (calls, failed uint64) { return b.calls.Load(), b.failed.Load() }

// Opened is how often the breaker has opened since the start.
func (b *Breaker) Opened() uint64 { return b.opened.Load() }
