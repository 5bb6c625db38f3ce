// Package behalf asks the services' public HTTP APIs on behalf of the officer who is logged in: with a token of a minute
// that says who it is and what they may, and with the purpose that they gave. It decides nothing and keeps nothing; a
// refusal is the service's own problem document.
package behalf

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
	"gallra.se/libs/trace"
	"gallra.se/services/console/internal/login"
)

// Purpose is the header that says why personal data are read.
const Purpose = "Gallra-Purpose"

// ErrSilent says that no answer came, or none that can be read.
var ErrSilent = errors.New("the service does not answer")

const (
	tokenLife = time.Minute
	most      = 4 << 20 // of an answer
)

// Caller reaches the services.
type Caller struct {
	Base   string // where their HTTP APIs are
	Client *http.Client
	Key    ed25519.PrivateKey // the console's own; the services know its public half
	Clock  clock.Business     // by which an undertaking ends
}

// For speaks for an officer, who reads for a purpose. zone is that of the officer's authority.
func (c *Caller) For(o login.Officer, purpose string, zone *time.Location) Voice {
	return Voice{caller: c, officer: o, purpose: purpose, zone: zone}
}

// Voice is an officer's.
type Voice struct {
	caller  *Caller
	officer login.Officer
	purpose string
	zone    *time.Location
}

func get[T any](ctx context.Context, v Voice, path string) (found T, err error) {
	err = v.call(ctx, http.MethodGet, path, nil, &found)
	return found, err
}

// call asks, and reads the answer into a pointer; nil throws it away.
func (v Voice) call(ctx context.Context, method, path string, body, into any) error {
	request, err := v.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	response, err := v.caller.Client.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrSilent, method)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return fmt.Errorf("%w: half an answer", ErrSilent)
	}
	if response.StatusCode >= http.StatusBadRequest {
		return refusal(response.StatusCode, said)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(said, into); err != nil {
		return fmt.Errorf("%w: an answer that cannot be read", ErrSilent)
	}
	return nil
}

func (v Voice) request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return nil, fmt.Errorf("encode a request: %w", err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, v.caller.Base+path, bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	claims := v.officer.Claims(v.caller.Clock.Now(), v.zone)
	token, err := bearer.Sign(v.caller.Key, claims, clock.PaceNow(), tokenLife)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if parent := trace.Traceparent(ctx); parent != "" {
		request.Header.Set(trace.Header, parent)
	}
	if v.purpose != "" {
		request.Header.Set(Purpose, v.purpose)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

// refusal is the problem that a service answered with; what is none is silence.
func refusal(status int, said []byte) error {
	var p problem.Problem
	if json.Unmarshal(said, &p) != nil || p.Reason == "" || status >= http.StatusInternalServerError {
		return fmt.Errorf("%w: status %d", ErrSilent, status)
	}
	p.Status = status
	return p
}

// opaque is an id as it stands in an address; what is none is of nobody.
func opaque(id string) (string, error) {
	parsed, err := uuid.Parse(id)
	if err != nil || len(id) != 36 {
		return "", problem.New("not-found")
	}
	return parsed.String(), nil
}

// Opaque says whether a text is an opaque id.
func Opaque(text string) bool {
	_, err := opaque(text)
	return err == nil
}

// about reads what lies at an address with an id in it.
func about[T any](ctx context.Context, v Voice, before, id, after string) (found T, err error) {
	if id, err = opaque(id); err != nil {
		return found, err
	}
	return get[T](ctx, v, before+id+after)
}
