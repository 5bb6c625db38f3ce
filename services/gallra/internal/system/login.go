package system

import (
	"context"
	"net"
	"net/http"
	"strings"

	"gallra.se/libs/policy"
	"gallra.se/services/console"
	"gallra.se/services/gallra/internal/devlogin"
)

// placeLogin decides who lets officers in: the OpenID provider that was named; else made-up personas, on a door that this
// machine alone can reach and not in production; else nobody, and the login page says what is missing.
func (s *system) placeLogin(context.Context) error {
	if s.Login.URL == "" {
		s.Login.URL = s.url()
	}
	s.Login.URL = strings.TrimSuffix(s.Login.URL, "/")
	if s.Login.Issuer != "" || s.Production || !loopback(s.door.Addr()) {
		return nil
	}
	var authorities []devlogin.Authority
	for _, name := range policy.Default().Authorities() {
		pack, _ := policy.Default().Pack(name)
		authorities = append(authorities, devlogin.Authority{Name: name, Zone: pack.Zone.String()})
	}
	personas, err := devlogin.New(s.url(), s.Login.URL+console.Callback, devlogin.Personas(authorities))
	if err != nil {
		return err
	}
	s.personas, s.Login.Issuer, s.Login.ClientID = personas, personas.Issuer(), devlogin.ClientID
	return nil
}

// loopback says whether nobody but this machine reaches an address.
func loopback(at net.Addr) bool {
	tcp, ok := at.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// officers is what the console in this process serves them with.
func (s *system) officers() console.Officers {
	return console.Officers{URL: s.Login.URL, API: s.url(), Key: s.console, Issuer: s.Login.Issuer, ClientID: s.Login.ClientID,
		ClientSecret: s.Login.ClientSecret, Claims: s.Login.Claims}
}

// officersArgs is the same for a process of its own.
func (s *system) officersArgs() []string {
	args := []string{"--console-url=" + s.Login.URL, "--api=" + s.url(), "--console-signing-key=" + s.layout.ConsoleKey()}
	if s.Login.Issuer != "" {
		args = append(args, "--oidc-issuer="+s.Login.Issuer, "--oidc-client-id="+s.Login.ClientID)
	}
	if s.Login.SecretFile != "" {
		args = append(args, "--oidc-client-secret-file="+s.Login.SecretFile)
	}
	for what, claim := range s.Login.Claims {
		args = append(args, "--oidc-claim="+what+"="+claim)
	}
	return args
}

// madeUp are the routes of the personas' login; none where there are no personas.
func (s *system) madeUp() map[string]http.Handler {
	if s.personas == nil {
		return nil
	}
	return map[string]http.Handler{devlogin.Path + "/": s.personas.Handler()}
}
