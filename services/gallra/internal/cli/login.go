package cli

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"gallra.se/services/console"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/system"
)

// loginFlags say who lets officers in.
type loginFlags struct {
	ConsoleURL   string            `name:"console-url" env:"GALLRA_CONSOLE_URL" help:"Address by which browsers reach the console." placeholder:"URL"`
	Issuer       string            `name:"oidc-issuer" env:"GALLRA_OIDC_ISSUER" help:"OpenID provider that officers log in at." placeholder:"URL"`
	ClientID     string            `name:"oidc-client-id" env:"GALLRA_OIDC_CLIENT_ID" help:"The console's name at the OpenID provider." placeholder:"ID"`
	ClientSecret string            `name:"oidc-client-secret-file" env:"GALLRA_OIDC_CLIENT_SECRET_FILE" help:"File with the console's secret at the OpenID provider." placeholder:"FILE"`
	ProviderCA   string            `name:"oidc-ca" type:"existingfile" env:"GALLRA_OIDC_CA" help:"CA of the OpenID provider's certificate, where the machine does not know it." placeholder:"FILE"`
	Claim        map[string]string `name:"oidc-claim" env:"GALLRA_OIDC_CLAIMS" help:"Claim in which the provider tells something of an account: authority, roles, appointed, undertaking, trained, account, name, family_name, address." placeholder:"WHAT=CLAIM"`
}

// login reads what the flags name.
func (f loginFlags) login() (system.Login, error) {
	l := system.Login{URL: f.ConsoleURL, Issuer: f.Issuer, ClientID: f.ClientID, SecretFile: f.ClientSecret, Claims: f.Claim}
	if f.Issuer != "" && f.ClientID == "" {
		return l, fmt.Errorf("--oidc-issuer needs --oidc-client-id: the console's name there")
	}
	if f.ClientSecret == "" {
		return l, nil
	}
	secret, err := os.ReadFile(f.ClientSecret)
	if err != nil {
		return l, fmt.Errorf("read the console's secret at the OpenID provider: %w", err)
	}
	l.ClientSecret = strings.TrimSpace(string(secret))
	return l, nil
}

// officerFlags are the console's own.
type officerFlags struct {
	loginFlags
	API        string `name:"api" env:"GALLRA_API" help:"Address of the services' HTTP APIs, for the console." placeholder:"URL"`
	SigningKey string `name:"console-signing-key" env:"GALLRA_CONSOLE_SIGNING_KEY" help:"Key that the console signs officers' tokens with." placeholder:"FILE"`
}

// answerPatience is how long (Pace) the console waits for a service or the OpenID provider.
const answerPatience = 10 * time.Second

// officers is what the console serves officers with; ca verifies the services' certificates.
func (f officerFlags) officers(ca string) (o console.Officers, err error) {
	l, err := f.login()
	if err != nil || l.Issuer == "" && f.API == "" {
		return console.Officers{URL: l.URL}, err
	}
	for name, value := range map[string]string{"GALLRA_CONSOLE_URL": l.URL, "GALLRA_API": f.API, "GALLRA_CONSOLE_SIGNING_KEY": f.SigningKey} {
		if value == "" && l.Issuer != "" {
			return o, fmt.Errorf("console needs %s to let officers in", name)
		}
	}
	o = console.Officers{URL: l.URL, API: f.API, Issuer: l.Issuer, ClientID: l.ClientID, ClientSecret: l.ClientSecret, Claims: l.Claims}
	if f.SigningKey != "" {
		if o.Key, err = credentials.ReadConsoleKey(f.SigningKey); err != nil {
			return o, err
		}
	}
	if o.Client, err = trusting(f.API, ca); err == nil {
		o.Provider, err = trusting(l.Issuer, f.ProviderCA)
	}
	return o, err
}

// trusting is a client that takes a CA's word, where one is given.
func trusting(address, ca string) (*http.Client, error) {
	transport, err := client.Found{URL: address, CA: ca}.Transport()
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: transport, Timeout: answerPatience}, nil
}
