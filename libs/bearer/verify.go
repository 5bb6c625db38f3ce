package bearer

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gallra.se/libs/clock"
	"gallra.se/libs/problem"
)

// Verifier accepts tokens signed with any of its keys.
type Verifier struct {
	keys   jwt.VerificationKeySet
	now    func() time.Time
	parser *jwt.Parser
	cache  cache
}

// NewVerifier checks signature, issuer, audience and expiry on the machine's time, with a minute of skew. A token that was
// verified is known until it expires. Each key belongs to somebody who may say who is calling: the operator's own, and the
// console's, which speaks for whoever is logged in.
func NewVerifier(keys ...ed25519.PublicKey) *Verifier { return newVerifier(clock.PaceNow, keys...) }

func newVerifier(now func() time.Time, keys ...ed25519.PublicKey) *Verifier {
	v := &Verifier{now: now, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithExpirationRequired(),
		jwt.WithLeeway(time.Minute), jwt.WithTimeFunc(now),
	)}
	for _, key := range keys {
		v.keys.Keys = append(v.keys.Keys, key)
	}
	return v
}

// Verify reads a token's claims.
func (v *Verifier) Verify(signed string) (Claims, error) {
	of := sha256.Sum256([]byte(signed))
	if c, known := v.cache.get(of, v.now()); known {
		return c, nil
	}
	var t token
	if _, err := v.parser.ParseWithClaims(signed, &t, func(*jwt.Token) (any, error) { return v.keys, nil }); err != nil {
		return Claims{}, fmt.Errorf("verify token: %w", err)
	}
	v.cache.put(of, verified{claims: t.Claims, until: t.ExpiresAt.Time}, v.now())
	return t.Claims, nil
}

// Middleware lets only bearers of a valid token through, to what the token is good for, and puts their Claims in the
// context.
func (v *Verifier) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signed, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			refuse(w)
			return
		}
		c, err := v.Verify(signed)
		if err != nil {
			refuse(w)
			return
		}
		if !c.good(r.Method, r.URL.Path) {
			problem.Write(w, problem.New("forbidden"))
			return
		}
		next.ServeHTTP(w, r.WithContext(With(r.Context(), c)))
	})
}

func refuse(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	problem.Write(w, problem.New("unauthorized"))
}
