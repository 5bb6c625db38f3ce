// Package login checks the statement of an electronic-identity provider about somebody who logs in (AFC-16, AFG-27): that
// it is genuine, meant for this authority and this login, and still valid. Name and number are looked at and let go; what
// is left is that it was valid. It stores nothing.
package login

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gallra.se/libs/calendar"
	"gallra.se/libs/nationalid"
)

// Why a statement is not accepted; none of them repeats it.
var (
	ErrExpired = errors.New("expired")
	ErrForged  = errors.New("forged") // its signature, issuer, audience, nonce or form is not what it should be
	ErrNobody  = errors.New("nobody") // the number in it is none
)

// Verifier accepts statements of known issuers.
type Verifier struct {
	issuers map[string]ed25519.PublicKey
	now     func() time.Time
}

// NewVerifier knows issuers by the name in their statements. now is the machine's time: a statement is a credential, and its
// life does not follow a simulation.
func NewVerifier(issuers map[string]ed25519.PublicKey, now func() time.Time) *Verifier {
	return &Verifier{issuers: issuers, now: now}
}

// Ready says whether there is any issuer.
func (v *Verifier) Ready() bool { return len(v.issuers) > 0 }

// Expected is what a statement must be about.
type Expected struct {
	Authority string // its audience
	Country   string // whose register its number is of
	Nonce     string // that the login began with
	OnlyTests bool   // numbers that can belong to somebody are refused
}

// Statement is what is left of one.
type Statement struct {
	ID    string    // of issuer and statement: it may be used once
	Until time.Time // machine's time from which on it is expired
}

const (
	leeway  = time.Minute
	longest = 15 * time.Minute // from issue to expiry
)

// claims of an identity provider. The number is checked and not kept.
type claims struct {
	Nonce      string `json:"nonce"`
	Name       string `json:"name"`
	NationalID string `json:"nationalId"`
	jwt.RegisteredClaims
}

// Verify checks a statement: an Ed25519 JWT with iss, aud, exp, iat, jti, nonce, name and nationalId.
func (v *Verifier) Verify(signed string, e Expected) (Statement, error) {
	var c claims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithAudience(e.Authority),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway), jwt.WithTimeFunc(v.now), jwt.WithStrictDecoding())
	_, err := parser.ParseWithClaims(signed, &c, func(*jwt.Token) (any, error) {
		key, known := v.issuers[c.Issuer]
		if !known {
			return nil, ErrForged
		}
		return key, nil
	})
	switch {
	case errors.Is(err, jwt.ErrTokenExpired) && !errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return Statement{}, ErrExpired
	case err != nil, c.IssuedAt == nil, c.ID == "", c.Nonce == "" || c.Nonce != e.Nonce, c.ExpiresAt.Sub(c.IssuedAt.Time) > longest:
		return Statement{}, ErrForged
	}
	if err := somebody(c, e); err != nil {
		return Statement{}, err
	}
	return Statement{ID: fmt.Sprintf("%q %q", c.Issuer, c.ID), Until: c.ExpiresAt.Add(leeway).UTC()}, nil
}

func somebody(c claims, e Expected) error {
	id, err := nationalid.ParseOn(e.Country, c.NationalID, calendar.DateOf(c.IssuedAt.Time, time.UTC))
	if err != nil || c.Name == "" || e.OnlyTests && !id.IsTest() {
		return ErrNobody
	}
	return nil
}
