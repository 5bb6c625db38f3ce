package client

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/credentials"
)

// New makes a client of the system at address with what the system has left on this
// machine. A CA that is given wins over the one found, GALLRA_TOKEN over the signing key.
func New(address, ca string) (*Client, error) {
	found, _, err := Find(address)
	if err != nil {
		return nil, err
	}
	found.URL = address
	if ca != "" {
		found.CA = ca
	}
	token := os.Getenv("GALLRA_TOKEN")
	if token != "" {
		found.TokenKey = ""
	}
	c, err := found.Client()
	if err == nil && token != "" {
		c = c.As(token)
	}
	return c, err
}

// With makes a client without any token.
func With(address string) *Client {
	return &Client{base: strings.TrimSuffix(address, "/"), http: &http.Client{Transport: transport()},
		token: func(string) (string, error) { return "", nil }}
}

// As is the same client with one token for every call.
func (c *Client) As(token string) *Client {
	other := *c
	other.token = func(string) (string, error) { return token, nil }
	return &other
}

// Client calls the system as its operator, or as nobody where no key was left.
func (f Found) Client() (*Client, error) {
	c, err := f.trusting()
	if err != nil || f.TokenKey == "" {
		return c, err
	}
	key, err := credentials.ReadTokenKey(f.TokenKey)
	if err != nil {
		return nil, err
	}
	c.token = newOperator(key).token
	return c, nil
}

// As calls the system as somebody else: whoever has the signing key may be anybody.
func (f Found) As(claims bearer.Claims, ttl time.Duration) (*Client, error) {
	c, err := f.trusting()
	if err != nil {
		return nil, err
	}
	key, err := credentials.ReadTokenKey(f.TokenKey)
	if err != nil {
		return nil, err
	}
	token, err := bearer.Sign(key, claims, clock.PaceNow(), ttl)
	if err != nil {
		return nil, err
	}
	return c.As(token), nil
}

// trusting is a client without a token.
func (f Found) trusting() (*Client, error) {
	c := With(f.URL)
	transport, err := f.Transport()
	c.http = &http.Client{Transport: transport}
	return c, err
}

// Transport takes the CA's word for who answers, where there is one.
func (f Found) Transport() (*http.Transport, error) {
	t := transport()
	if f.CA == "" {
		return t, nil
	}
	text, err := os.ReadFile(f.CA)
	if err != nil {
		return nil, fmt.Errorf("read CA: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate", f.CA)
	}
	t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return t, nil
}

func transport() *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		MaxIdleConnsPerHost: 128,
		IdleConnTimeout:     time.Minute,
	}
}
