package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

// Client calls one system. It is safe for concurrent use.
type Client struct {
	base   string
	http   *http.Client
	tokens map[string]string
	one    string // a token that is for every call
}

// New makes a client of the system at address with the tokens that are to be found.
func New(address string) (*Client, error) {
	found, _, err := Find(address)
	if err != nil {
		return nil, err
	}
	c := With(address, found.Tokens)
	c.one = os.Getenv("GALLRA_TOKEN")
	return c, nil
}

// With makes a client with these tokens, by authority.
func With(address string, tokens map[string]string) *Client {
	transport := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		MaxIdleConnsPerHost: 128,
		IdleConnTimeout:     time.Minute,
	}
	return &Client{base: strings.TrimSuffix(address, "/"), http: &http.Client{Transport: transport}, tokens: tokens}
}

// As is the same client with one token for every call.
func (c *Client) As(token string) *Client {
	other := *c
	other.one = token
	return &other
}

// Base is the system's address.
func (c *Client) Base() string { return c.base }

// token picks the authority's token, or any one for a call that no authority owns.
func (c *Client) token(authority string) string {
	if c.one != "" {
		return c.one
	}
	if token := c.tokens[authority]; token != "" {
		return token
	}
	least := ""
	for name := range c.tokens {
		if least == "" || name < least {
			least = name
		}
	}
	return c.tokens[least]
}

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
	response, err := c.open(ctx, call, bytes.NewReader(call.Body))
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

func (c *Client) open(ctx context.Context, call Call, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, call.Method, c.base+call.Path, body)
	if err != nil {
		return nil, fmt.Errorf("make request %s %s: %w", call.Method, call.Path, err)
	}
	for name, values := range call.Header {
		request.Header[name] = values
	}
	if token := c.token(call.Authority); token != "" {
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
