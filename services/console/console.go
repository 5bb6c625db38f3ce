// Package console is where people see that promises are kept, and where officers work: pages of rules, counts and dates for
// anybody, and pages of persons and cases for those who are logged in.
//
// It promises to show only what the services answer, and to say which of them did not. It owns no data and holds no
// record of any person; it decides nothing, and remembers nothing but who is logged in and for what purpose.
package console

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
	"gallra.se/libs/policy"
	"gallra.se/libs/serve"

	"gallra.se/services/console/internal/api"
	"gallra.se/services/console/internal/ask"
	"gallra.se/services/console/internal/behalf"
	"gallra.se/services/console/internal/login"
	"gallra.se/services/console/internal/officer"
	"gallra.se/services/console/internal/page"
	"gallra.se/services/console/internal/verify"
)

// Name of the service.
const Name = "console"

// Deps is what the composition gives.
type Deps struct {
	Listener net.Listener
	NC       *nats.Conn
	Clock    clock.Business
	Policy   *policy.Set
	Bearer   *bearer.Verifier
	Officers Officers
	Log      *slog.Logger
}

// Officers is what those who log in are let in by, and served with.
type Officers struct {
	URL    string             // of the console, as a browser reaches it; with https, cookies are for https alone
	API    string             // where the services' HTTP APIs are
	Client *http.Client       // that calls them; nil: the default one
	Key    ed25519.PrivateKey // signs tokens of a minute; the services know its public half

	Issuer       string // of the OpenID provider; empty: nobody can log in, and the login page says so
	ClientID     string
	ClientSecret string            // empty for a client that has none
	Claims       map[string]string // other names of claims, by what they tell (login.Names)
	Provider     *http.Client      // that calls the OpenID provider; nil: the default one
}

// Service is one instance.
type Service struct {
	deps  Deps
	pages http.Handler
}

// Migrations: the console has no tables.
func Migrations() []pg.Migration { return nil }

// New puts an instance together; nothing runs yet.
func New(d Deps) (*Service, error) {
	mux, metrics := http.NewServeMux(), serve.Registry(clock.Metrics(d.Clock))
	s := &Service{d, serve.Observe(metrics, mux)}
	asker, packs := ask.New(d.NC), d.Policy.Clone()
	(&page.Pages{Ask: asker, Policy: packs, Clock: d.Clock, Log: d.Log}).Routes(mux)
	officers, err := officersOf(d, packs)
	if err != nil {
		return nil, err
	}
	officers.Routes(mux)
	verifying(d).Routes(mux)
	(&api.API{Ask: asker, Clock: d.Clock, Log: d.Log}).Routes(mux, d.Bearer)
	serve.Health(mux, metrics, d.Log, serve.Check{Name: "nats", Ask: s.connected})
	return s, nil
}

// patience is how long (Pace) a service or the OpenID provider may take to answer.
const patience = 10 * time.Second

func officersOf(d Deps, packs *policy.Set) (*officer.Pages, error) {
	o := d.Officers
	names, err := login.DefaultNames().With(o.Claims)
	if err != nil {
		return nil, err
	}
	sessions := login.NewSessions(strings.HasPrefix(o.URL, "https://"), d.Log)
	door := login.NewDoor(login.Config{Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret, URL: strings.TrimSuffix(o.URL, "/"),
		Names: names, Client: orDefault(o.Provider)}, sessions, packs.Authorities)
	caller := &behalf.Caller{Base: strings.TrimSuffix(o.API, "/"), Client: staying(orDefault(o.Client)), Key: o.Key, Clock: d.Clock}
	return &officer.Pages{Door: door, Sessions: sessions, Caller: caller, Policy: packs, Clock: d.Clock, Log: d.Log}, nil
}

// verifying is the page that checks receipts in the browser, with the ledger's public key in it.
func verifying(d Deps) *verify.Page {
	key := &verify.LedgerKey{Base: strings.TrimSuffix(d.Officers.API, "/"), Client: staying(orDefault(d.Officers.Client))}
	return &verify.Page{Key: key.Get, Language: func(r *http.Request) string { return page.TextsFor(r).Tag }}
}

func orDefault(c *http.Client) *http.Client {
	if c == nil {
		return &http.Client{Timeout: patience, Transport: http.DefaultTransport.(*http.Transport).Clone()}
	}
	return c
}

// staying is a client that follows nobody elsewhere: an officer's token is for the services.
func staying(c *http.Client) *http.Client {
	own := *c
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// Run serves until ctx ends. The console takes no part in the settle barrier: it does no work of its own.
func (s *Service) Run(ctx context.Context) error {
	return serve.Run(ctx, s.deps.Listener, s.pages, s.deps.Log)
}

func (s *Service) connected(context.Context) error {
	if !s.deps.NC.IsConnected() {
		return errors.New("no connection")
	}
	return nil
}

// Callback is the path to which an OpenID provider sends browsers back.
const Callback = login.CallbackPath
