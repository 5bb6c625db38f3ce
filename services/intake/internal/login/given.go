package login

import (
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// Given is a login as the channel hands it in.
type Given struct {
	ID       string   `json:"id"` // the channel's own, for idempotency
	At       string   `json:"at"` // RFC 3339
	Identity Identity `json:"identity"`
}

// Identity is the provider's statement and the nonce that the channel asked for it with.
type Identity struct {
	Token string `json:"token"`
	Nonce string `json:"nonce"`
}

// longestToken is how many bytes a statement may have.
const longestToken = 8 << 10

// Read takes a body apart; it refuses with not-json, unknown-field, invalid-field, missing-field or too-large.
func Read(body []byte) (g Given, err error) {
	if err := strict.Decode(body, &g); err != nil {
		return g, err
	}
	for _, field := range []struct{ name, text string }{{"id", g.ID}, {"at", g.At}, {"token", g.Identity.Token}, {"nonce", g.Identity.Nonce}} {
		if field.text == "" {
			return g, problem.OnField("missing-field", field.name)
		}
		limit := strict.MaxName
		if field.name == "token" {
			limit = longestToken
		}
		if err := strict.Fits(field.name, field.text, limit); err != nil {
			return g, err
		}
		if err := strict.Clean(field.name, field.text); err != nil {
			return g, err
		}
	}
	return g, nil
}
