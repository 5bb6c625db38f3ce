package bearer

import (
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	issuer   = "gallra"
	audience = "gallra-api"
)

type token struct {
	Claims
	jwt.RegisteredClaims
}

// Sign makes a token that is valid from now for ttl. now is the machine's time, not the business clock: a token is a
// credential, and its life must not follow a simulation.
func Sign(key ed25519.PrivateKey, c Claims, now time.Time, ttl time.Duration) (string, error) {
	t := token{c, jwt.RegisteredClaims{
		Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: c.Name,
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
	}}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, t).SignedString(key)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return signed, nil
}
