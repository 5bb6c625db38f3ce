package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"gallra.se/libs/clock"
)

// Config is how officers are let in. Without an issuer nobody is.
type Config struct {
	Issuer       string // of the OpenID provider, as its discovery document spells it
	ClientID     string
	ClientSecret string // empty for a client that has none
	URL          string // of the console, as a browser reaches it: https://HOST[:PORT]
	Names        Names
	Client       *http.Client // that calls the provider
}

// CallbackPath is where the provider sends the browser back to.
const CallbackPath = "/login/callback"

// Why a login fails. ErrAccount is another.
var (
	ErrNotConfigured = errors.New("no OpenID provider is configured")
	ErrUnavailable   = errors.New("the OpenID provider does not answer as it should")
	ErrRepeated      = errors.New("no login was begun here, it is over, or its answer has been used")
	ErrRefused       = errors.New("the OpenID provider has not let the account in")
	ErrForged        = errors.New("the OpenID provider's word cannot be trusted")
)

// Door is the way in.
type Door struct {
	config   Config
	sessions *Sessions
	known    func() []string // authorities
	provider provider
}

// NewDoor makes the door to sessions for accounts of the known authorities.
func NewDoor(c Config, s *Sessions, known func() []string) *Door {
	return &Door{config: c, sessions: s, known: known, provider: provider{issuer: c.Issuer, client: c.Client}}
}

// Elsewhere is the console's own address where a browser has come by another, whose cookie would be lost on the way back.
func (d *Door) Elsewhere(host string) (base string, elsewhere bool) {
	own, err := url.Parse(d.config.URL)
	return d.config.URL, err == nil && d.config.Issuer != "" && own.Host != "" && own.Host != host
}

// Begin begins a login and says where the browser goes; to is where it wants to be afterwards.
func (d *Door) Begin(ctx context.Context, to string) (address string, err error) {
	if d.config.Issuer == "" {
		return "", ErrNotConfigured
	}
	found, err := d.provider.discovered(ctx)
	if err != nil {
		return "", errors.Join(ErrUnavailable, err)
	}
	p := pending{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), To: within(to), Until: clock.PaceNow().Add(Patience)}
	if err := d.sessions.expect(ctx, p); err != nil {
		return "", fmt.Errorf("begin a login: %w", err)
	}
	return d.client(found).AuthCodeURL(p.State, oidc.Nonce(p.Nonce), oauth2.S256ChallengeOption(p.Verifier)), nil
}

// Finish hears the provider's answer and makes the session the officer's. Whatever is wrong with the answer, the login that
// was begun is over.
func (d *Door) Finish(ctx context.Context, answer url.Values) (to string, err error) {
	p, ok := d.sessions.expected(ctx)
	switch {
	case !ok || subtle.ConstantTimeCompare([]byte(p.State), []byte(answer.Get("state"))) != 1:
		return "", ErrRepeated
	case answer.Get("code") == "":
		return "", ErrRefused
	}
	claims, err := d.verified(ctx, p, answer.Get("code"))
	if err != nil {
		return "", err
	}
	officer, err := OfficerOf(claims, d.config.Names, d.known())
	if err != nil {
		return "", err
	}
	if err := d.sessions.admit(ctx, officer); err != nil {
		return "", fmt.Errorf("open a session: %w", err)
	}
	return p.To, nil
}

// verified exchanges the code for an ID token and returns the claims of one that is this provider's, for this client, in
// time, and for this login.
func (d *Door) verified(ctx context.Context, p pending, code string) (claims []byte, err error) {
	found, err := d.provider.discovered(ctx)
	if err != nil {
		return nil, errors.Join(ErrUnavailable, err)
	}
	token, err := d.client(found).Exchange(d.provider.through(ctx), code, oauth2.VerifierOption(p.Verifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError {
		return nil, ErrRefused // its text may hold the code
	}
	if err != nil {
		return nil, ErrUnavailable
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: d.config.ClientID, Now: clock.PaceNow}).Verify(ctx, raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(p.Nonce)) != 1 {
		return nil, ErrForged
	}
	var all rawClaims
	if err := id.Claims(&all); err != nil {
		return nil, ErrForged
	}
	return all, nil
}

// rawClaims are the claims as they were signed.
type rawClaims []byte

func (c *rawClaims) UnmarshalJSON(text []byte) error {
	*c = append((*c)[:0], text...)
	return nil
}

func (d *Door) client(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: d.config.ClientID, ClientSecret: d.config.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: d.config.URL + CallbackPath, Scopes: []string{oidc.ScopeOpenID, oidc.ScopeProfile}}
}

// Start is the page after login where nobody asked for another.
const Start = "/officer"

// within keeps to the officers' pages: an address from outside must not lead away from here.
func within(to string) string {
	at, err := url.Parse(to)
	if err != nil || at.IsAbs() || at.Host != "" || strings.ContainsAny(to, "\\\r\n") || at.Path != Start && !strings.HasPrefix(at.Path, Start+"/") {
		return Start
	}
	return at.EscapedPath() + question(at.RawQuery)
}

func question(query string) string {
	if query == "" {
		return ""
	}
	return "?" + query
}
