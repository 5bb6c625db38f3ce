package bearer

import (
	"crypto/sha256"
	"slices"
	"sync"
	"time"
)

// mostKnown bounds how many tokens a cache remembers.
const mostKnown = 4096

// cache remembers tokens that were verified, by their SHA-256, until they expire: a signature is checked once and not with
// every request. What was not verified never gets in, so nobody can fill it.
type cache struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]verified
}

type verified struct {
	claims Claims
	until  time.Time // the token's own expiry
}

func (c *cache) get(of [sha256.Size]byte, now time.Time) (Claims, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, found := c.known[of]
	if !found {
		return Claims{}, false
	}
	if !now.Before(v.until) {
		delete(c.known, of)
		return Claims{}, false
	}
	claims := v.claims
	claims.Roles, claims.Only = slices.Clone(claims.Roles), slices.Clone(claims.Only) // callers may do with theirs as they like
	return claims, true
}

func (c *cache) put(of [sha256.Size]byte, v verified, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= mostKnown {
		c.makeRoom(now)
	}
	if c.known == nil {
		c.known = map[[sha256.Size]byte]verified{}
	}
	v.claims.Roles, v.claims.Only = slices.Clone(v.claims.Roles), slices.Clone(v.claims.Only)
	c.known[of] = v
}

// makeRoom drops what has expired, or else any sixteenth: they are verified again when they come.
func (c *cache) makeRoom(now time.Time) {
	for of, v := range c.known {
		if !now.Before(v.until) {
			delete(c.known, of)
		}
	}
	for of := range c.known {
		if len(c.known) <= mostKnown-mostKnown/16 {
			return
		}
		delete(c.known, of)
	}
}
