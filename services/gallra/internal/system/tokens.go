package system

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/client"
)

// An operator's tokens live a week and are renewed daily while the system is up.
const (
	tokenLife  = 7 * 24 * time.Hour
	tokenRenew = 24 * time.Hour
)

// operatorRoles let the CLI of the machine's owner hand in, look and move the clock.
var operatorRoles = []string{"operator", "case-officer", "records-manager"}

// OperatorTokens signs one token per authority: nobody works for two at once.
func OperatorTokens(key ed25519.PrivateKey) (map[string]string, error) {
	tokens := map[string]string{}
	for _, authority := range policy.Default().Authorities() {
		claims := bearer.Claims{Authority: authority, Name: "operator", Roles: operatorRoles}
		token, err := bearer.Sign(key, claims, clock.PaceNow(), tokenLife)
		if err != nil {
			return nil, err
		}
		tokens[authority] = token
	}
	return tokens, nil
}

// leaveTokens writes what the CLI finds by this system's URL.
func (s *system) leaveTokens(context.Context) error {
	tokens, err := OperatorTokens(s.tokenKey)
	if err != nil {
		return fmt.Errorf("sign operator's tokens: %w", err)
	}
	found := client.Found{URL: s.url(), DataDir: s.layout.Dir, Tokens: tokens,
		Nats: client.FoundNats{URL: s.nats.URL(), Outside: s.layout.Seed("outside"), Analyst: s.layout.Seed("analyst")}}
	remove, err := found.Leave()
	if err != nil {
		return err
	}
	s.later(remove)
	return nil
}

func (s *system) keepTokens(ctx context.Context) error {
	renew := clock.Ticker(tokenRenew)
	defer renew.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-renew.C:
			if err := s.leaveTokens(ctx); err != nil {
				s.log.Warn("operator's tokens not renewed", "error", err.Error())
			}
		}
	}
}
