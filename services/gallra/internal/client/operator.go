package client

import (
	"crypto/ed25519"
	"slices"
	"sync"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/policy"
)

// An operator's token is short-lived and signed anew when half of its life is over (Pace).
const (
	tokenLife  = time.Hour
	tokenRenew = tokenLife / 2
)

// operatorRoles let the CLI of whoever has the signing key hand in, look and move the clock.
var operatorRoles = []string{"operator", "case-officer", "records-manager"}

// operator signs its own tokens, one per authority: nobody works for two at once.
type operator struct {
	key ed25519.PrivateKey

	mu     sync.Mutex
	signed map[string]signed
}

type signed struct {
	token string
	at    time.Time
}

func newOperator(key ed25519.PrivateKey) *operator {
	return &operator{key: key, signed: map[string]signed{}}
}

// token is for the authority; for a call that no authority owns, or one that names none
// of ours, it is for any.
func (o *operator) token(authority string) (string, error) {
	known := policy.Default().Authorities()
	if !slices.Contains(known, authority) {
		authority = slices.Min(known)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	now := clock.PaceNow()
	if have, ok := o.signed[authority]; ok && now.Sub(have.at) < tokenRenew {
		return have.token, nil
	}
	token, err := bearer.Sign(o.key, bearer.Claims{Authority: authority, Name: "operator", Roles: operatorRoles}, now, tokenLife)
	if err != nil {
		return "", err
	}
	o.signed[authority] = signed{token, now}
	return token, nil
}
