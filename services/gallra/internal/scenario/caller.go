package scenario

import (
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/services/gallra/internal/client"
)

// caller calls a system as anybody: whoever has the key that signs tokens may.
type caller struct {
	place    client.Found
	operator *client.Client
}

func callerOf(place client.Found) (caller, error) {
	operator, err := place.Client()
	return caller{place, operator}, err
}

func (c caller) Operator() *client.Client { return c.operator }

// tokenLife is longer than a file runs (Pace).
const tokenLife = 24 * time.Hour

func (c caller) As(authority, name string, roles []string, appointed bool) (*client.Client, error) {
	return c.place.As(bearer.Claims{Authority: authority, Name: name, Roles: roles, Appointed: appointed, Undertaking: true, Trained: true}, tokenLife)
}
