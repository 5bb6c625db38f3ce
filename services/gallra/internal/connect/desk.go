package connect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/credentials"
)

// Desk is where an operator hands out and takes back what partners have.
type Desk struct {
	Folder credentials.Folder
	URL    string // of the nats-server
}

// Given is what a partner has after Add.
type Given struct {
	credentials.Partner
	Reads  []credentials.Reader `json:"reads"`
	Nats   string               `json:"nats"`
	Seed   string               `json:"seed"`             // file
	CA     string               `json:"ca,omitempty"`     // file
	Tokens map[string]string    `json:"tokens,omitempty"` // authority → file of a bearer token for HTTP
	Live   bool                 `json:"live"`             // the server knows it; else from its next start on
}

// Add makes a partner, or gives one that is there exactly this. ttl is how long its tokens
// for HTTP are valid.
func (d Desk) Add(ctx context.Context, p credentials.Partner, ttl time.Duration) (given Given, err error) {
	release, err := d.Folder.Hold()
	if err != nil {
		return given, err
	}
	defer release()
	before, err := d.Folder.Partner(p.Name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return given, err
	}
	now := clock.PaceNow()
	p.TokensUntil = before.TokensUntil
	if until := now.Add(ttl).UTC().Truncate(time.Second); len(p.Publish) > 0 && until.After(p.TokensUntil) {
		p.TokensUntil = until
	}
	server, err := d.server()
	switch {
	case errors.Is(err, errDown):
		err = d.Folder.KeepPartner(p)
	case err == nil:
		defer server.close()
		given.Live, err = true, d.change(ctx, server, before, p)
	}
	if err != nil {
		return given, fmt.Errorf("connect %s: %w", p.Name, err)
	}
	given.Partner, given.Reads, given.Nats, given.CA = p, p.Readers(), d.URL, d.Folder.CA()
	given.Seed = d.Folder.Seed(p.User().Name)
	given.Tokens, err = d.tokens(p, now, ttl)
	return given, err
}

func (d Desk) change(ctx context.Context, s *server, before, after credentials.Partner) error {
	if err := EnsureReaders(ctx, s.js, after.Readers()); err != nil {
		return err
	}
	if err := d.Folder.KeepPartner(after); err != nil {
		return err
	}
	if err := s.reload(ctx); err != nil {
		return err
	}
	return dropReaders(ctx, s.js, without(before.Readers(), after.Readers()))
}

// ErrNoPartner is a name that nobody has.
var ErrNoPartner = errors.New("there is no such partner: `gallra connect list` shows who there is")

// Revoked is what is left after Revoke.
type Revoked struct {
	Name        string    `json:"name"`
	Live        bool      `json:"live"`                 // the server has closed its connections
	TokensUntil time.Time `json:"tokensUntil,omitzero"` // a bearer token for HTTP may be good until then
}

// Revoke takes everything from a partner, and closes its connections.
func (d Desk) Revoke(ctx context.Context, name string) (r Revoked, err error) {
	release, err := d.Folder.Hold()
	if err != nil {
		return r, err
	}
	defer release()
	p, err := d.Folder.Partner(name)
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("revoke %s: %w", name, ErrNoPartner)
	}
	if err != nil {
		return r, err
	}
	r.Name = name
	if p.TokensUntil.After(clock.PaceNow()) {
		r.TokensUntil = p.TokensUntil
	}
	server, err := d.server()
	switch {
	case errors.Is(err, errDown):
		err = d.Folder.DropPartner(p)
	case err == nil:
		defer server.close()
		r.Live, err = true, d.end(ctx, server, p)
	}
	if err != nil {
		return r, fmt.Errorf("revoke %s: %w", name, err)
	}
	return r, nil
}

func (d Desk) end(ctx context.Context, s *server, p credentials.Partner) error {
	if err := d.Folder.DropPartner(p); err != nil {
		return err
	}
	if err := s.reload(ctx); err != nil {
		return err
	}
	return dropReaders(ctx, s.js, p.Readers())
}
