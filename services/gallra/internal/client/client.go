package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"syscall"

	"gallra.se/libs/access"
)

// Client calls one system. It is safe for concurrent use.
type Client struct {
	base     string
	http     *http.Client
	token    func(authority string) (string, error)
	patience *Patience
	purpose  string
}

// For is the same client, which reads for a purpose: a code of the policy pack.
func (c *Client) For(purpose string) *Client {
	other := *c
	other.purpose = purpose
	return &other
}

// Base is the system's address.
func (c *Client) Base() string { return c.base }

// Call is one request.
type Call struct {
	Authority string
	Method    string
	Path      string
	Header    http.Header
	Body      []byte
}

// Answer is what came back, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends a call and reads the whole answer. It waits and asks again, a few times,
// where the answer says when.
func (c *Client) Do(ctx context.Context, call Call) (Answer, error) {
	return c.patience.Insist(ctx, func() (Answer, error) { return c.asked(ctx, call) })
}

func (c *Client) asked(ctx context.Context, call Call) (Answer, error) {
	for attempt := 1; ; attempt++ {
		answer, err := c.once(ctx, call)
		if err != nil || attempt == 5 || !answer.asksBack() {
			return answer, err
		}
		if err := answer.pause(ctx); err != nil {
			return answer, err
		}
	}
}

func (c *Client) once(ctx context.Context, call Call) (Answer, error) {
	response, err := c.open(ctx, call)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, fmt.Errorf("read answer of %s %s: %w", call.Method, call.Path, err)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

func (c *Client) open(ctx context.Context, call Call) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, call.Method, c.base+call.Path, bytes.NewReader(call.Body))
	if err != nil {
		return nil, fmt.Errorf("make request %s %s: %w", call.Method, call.Path, err)
	}
	for name, values := range call.Header {
		request.Header[name] = values
	}
	if c.purpose != "" {
		request.Header.Set(access.PurposeHeader, c.purpose)
	}
	token, err := c.token(call.Authority)
	if err != nil {
		return nil, err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", call.Method, call.Path, c.explain(err))
	}
	return response, nil
}

// ErrNoSystem says that nothing listens at the address.
var ErrNoSystem = errors.New("no system answers")

func (c *Client) explain(err error) error {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("%w at %s: start one with `gallra up`, or give --url", ErrNoSystem, c.base)
	}
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// Get reads a JSON document into v.
func (c *Client) Get(ctx context.Context, authority, path string, v any) error {
	answer, err := c.Do(ctx, Call{Authority: authority, Method: http.MethodGet, Path: path})
	if err != nil {
		return err
	}
	return answer.Into(v)
}

// Post sends a JSON document and reads the answer into v.
func (c *Client) Post(ctx context.Context, authority, path string, document, v any) error {
	answer, err := c.Send(ctx, authority, http.MethodPost, path, document)
	if err != nil {
		return err
	}
	return answer.Into(v)
}

// Send sends a JSON document and returns the answer, whatever it is.
func (c *Client) Send(ctx context.Context, authority, method, path string, document any) (Answer, error) {
	body, err := json.Marshal(document)
	if err != nil {
		return Answer{}, fmt.Errorf("encode request %s: %w", path, err)
	}
	return c.Do(ctx, Call{Authority: authority, Method: method, Path: path, Header: JSON(), Body: body})
}

// JSON is the header of a JSON body.
func JSON() http.Header { return http.Header{"Content-Type": {"application/json"}} }
