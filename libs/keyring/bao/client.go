package bao

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/sony/gobreaker/v2"
)

// ErrAway says that the server does not answer, is sealed or stands by: what was asked
// may be asked again.
var ErrAway = errors.New("the key server is away")

// errNotFound says that the server knows no such key.
var errNotFound = errors.New("not found")

const (
	timeout      = 10 * time.Second // of one request
	failures     = 5                // in a row until the breaker opens
	pause        = 5 * time.Second  // until it lets one through
	longestReply = 1 << 20
	longestToken = 8 << 10
)

// client speaks to one mount of the transit engine.
type client struct {
	http      *http.Client
	breaker   *gobreaker.CircuitBreaker[reply]
	base      string // https://bao.example:8200/v1/transit/
	namespace string
	tokenFile string
}

type reply struct {
	status int
	body   []byte
}

func newClient(a Address, tokenFile, caFile string) (*client, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if caFile != "" {
		text, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("read the key server's CA: %w", err)
		}
		transport.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s holds no certificate of a CA", caFile)
		}
	}
	c := &client{base: a.Server + "/v1/" + a.Mount + "/", namespace: a.Namespace, tokenFile: tokenFile,
		http: &http.Client{Transport: transport, Timeout: timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	c.breaker = gobreaker.NewCircuitBreaker[reply](gobreaker.Settings{Name: "key server", MaxRequests: 1, Timeout: pause,
		ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= failures }})
	return c, nil
}

// token reads the file anew: whoever renews tokens replaces it.
func (c *client) token() (string, error) {
	file, err := os.Open(c.tokenFile)
	if err != nil {
		return "", fmt.Errorf("read the key server's token: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, longestToken+1))
	if err != nil {
		return "", fmt.Errorf("read the key server's token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" || len(text) > longestToken || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("%s holds no token: one line of it and nothing else", c.tokenFile)
	}
	return token, nil
}

// do sends one request and reads the member `data` of the answer into out, unless that
// is nil. It returns errNotFound for 404.
func (c *client) do(ctx context.Context, method, path string, body, out any) error {
	token, err := c.token()
	if err != nil {
		return err
	}
	got, err := c.breaker.Execute(func() (reply, error) { return c.send(ctx, token, method, path, body) })
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return fmt.Errorf("%w: it has failed too often, and is asked again in %s", ErrAway, pause)
	}
	if err != nil {
		return err
	}
	if err := judge(method, path, got.status); err != nil || out == nil {
		return err
	}
	var envelope struct {
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(got.body, &envelope) != nil || json.Unmarshal(envelope.Data, out) != nil {
		return fmt.Errorf("the key server answers %s %s with what is no answer: is there a transit engine at that mount?", method, path)
	}
	return nil
}

// send counts against the server when there is no answer, or one that says that it
// cannot. No words of the server are kept.
func (c *client) send(ctx context.Context, token, method, path string, body any) (reply, error) {
	var text []byte
	var err error
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return reply{}, fmt.Errorf("make request to the key server: %w", err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(text))
	if err != nil {
		return reply{}, fmt.Errorf("make request to the key server: %w", err)
	}
	request.Header.Set("X-Vault-Token", token)
	request.Header.Set("X-Vault-Request", "true")
	if c.namespace != "" {
		request.Header.Set("X-Vault-Namespace", c.namespace)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return reply{}, fmt.Errorf("%w: %w", ErrAway, bare(err))
	}
	defer response.Body.Close()
	got := reply{status: response.StatusCode}
	if got.body, err = io.ReadAll(io.LimitReader(response.Body, longestReply+1)); err != nil {
		return got, fmt.Errorf("%w: its answer ends early: %w", ErrAway, err)
	}
	if len(got.body) > longestReply {
		return got, fmt.Errorf("the key server's answer to %s %s is too long", method, path)
	}
	if got.status >= 500 || got.status == http.StatusTooManyRequests {
		return got, judge(method, path, got.status)
	}
	return got, nil
}

// bare drops what a url.Error says of the request.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// judge says what a status means to whoever runs the system.
func judge(method, path string, status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusNotFound:
		return errNotFound
	case status == http.StatusForbidden:
		return fmt.Errorf("the key server refuses the token %s %s: give its policy that path, or the file a token that is in force", method, path)
	case status == http.StatusServiceUnavailable:
		return fmt.Errorf("%w: it is sealed or stands by: unseal it, or give the address of the active one", ErrAway)
	case status >= 500 || status == http.StatusTooManyRequests:
		return fmt.Errorf("%w: it answers %d to %s %s", ErrAway, status, method, path)
	case status >= 300 && status < 400:
		return fmt.Errorf("the key server sends %s %s elsewhere (%d): give the address of the active one", method, path, status)
	}
	return fmt.Errorf("the key server answers %d to %s %s", status, method, path)
}
