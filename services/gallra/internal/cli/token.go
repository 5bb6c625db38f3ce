package cli

import (
	"fmt"
	"slices"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/credentials"
)

type tokenCommand struct {
	target
	asJSON
	Authority string   `required:"" help:"Whose world the bearer may enter."`
	Name      string   `required:"" help:"Who bears it."`
	Roles     []string `default:"case-officer" help:"What the bearer may do."`
	Appointed bool     `help:"May see protected persons."`

	Undertaking bool `default:"true" negatable:"" help:"Has signed the confidentiality undertaking; nobody reads personal data without."`
	Trained     bool `default:"true" negatable:"" help:"Has had the training that access asks for."`

	TTL time.Duration `name:"ttl" default:"8h" help:"How long it is valid."`
	Key string        `type:"existingfile" help:"Signing key; by default that of the system on this machine." placeholder:"FILE"`
}

func (tokenCommand) Help() string {
	return `Prints a token for the Authorization header.

  curl -H "Authorization: Bearer $(gallra token --authority arbetsformedlingen --name olle)" \
    http://127.0.0.1:8080/v1/contacts --json @contact.json`
}

func (c tokenCommand) Run(t terminal) error {
	if known := policy.Default().Authorities(); !slices.Contains(known, c.Authority) {
		return fmt.Errorf("unknown authority %q: have %v", c.Authority, known)
	}
	path, err := c.signingKey()
	if err != nil {
		return err
	}
	key, err := credentials.ReadTokenKey(path)
	if err != nil {
		return err
	}
	claims := bearer.Claims{Authority: c.Authority, Name: c.Name, Roles: c.Roles, Appointed: c.Appointed, Undertaking: c.Undertaking, Trained: c.Trained}
	token, err := bearer.Sign(key, claims, clock.PaceNow(), c.TTL)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(t.Out, map[string]any{"token": token, "claims": claims, "ttl": c.TTL.String()})
	}
	_, err = fmt.Fprintln(t.Out, token)
	return err
}

func (c tokenCommand) signingKey() (string, error) {
	if c.Key != "" {
		return c.Key, nil
	}
	found, ok, err := client.Find(c.URL)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fmt.Errorf("no system on this machine has left its place for %s: give --key FILE (tokens.pem of its keys or secrets)", c.URL)
	}
	return found.TokenKey, nil
}
