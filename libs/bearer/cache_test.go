package bearer

import (
	"crypto/ed25519"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// desk is a verifier at a time that the test sets.
type desk struct {
	*Verifier
	signer ed25519.PrivateKey
	now    time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{signer: private, now: noon}
	d.Verifier = newVerifier(func() time.Time { return d.now }, public)
	return d
}

func (d *desk) sign(t *testing.T, name string, ttl time.Duration) string {
	t.Helper()
	signed, err := Sign(d.signer, Claims{Authority: "a", Name: name, Roles: []string{"case-officer"}}, d.now, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// signedByNobody makes every further check of a signature fail, so that only what is known passes.
func (d *desk) signedByNobody() {
	d.keys.Keys = []jwt.VerificationKey{make(ed25519.PublicKey, ed25519.PublicKeySize)}
}

func TestASignatureIsCheckedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	known, other := d.sign(t, "olle", time.Hour), d.sign(t, "lisa", time.Hour)
	first, err := d.Verify(known)
	if err != nil {
		t.Fatal(err)
	}
	first.Roles[0] = "administrator" // a caller's own business
	d.signedByNobody()
	if c, err := d.Verify(known); err != nil || c.Name != "olle" || !c.Has("case-officer") || c.Has("administrator") {
		t.Errorf("known: %+v %v", c, err)
	}
	for name, signed := range map[string]string{"another token": other, "a bent one": known[:len(known)-4] + "AAAA", "none": ""} {
		if _, err := d.Verify(signed); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestAKnownTokenThatExpiresIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	signed := d.sign(t, "olle", time.Hour)
	for _, c := range []struct {
		after    time.Duration
		accepted bool
	}{{0, true}, {time.Hour - time.Second, true}, {time.Hour + 2*time.Minute, false}, {24 * time.Hour, false}, {0, true}} {
		d.now = noon.Add(c.after)
		if _, err := d.Verify(signed); (err == nil) != c.accepted {
			t.Errorf("%s later: %v", c.after, err)
		}
	}
	d.now = noon.Add(time.Hour) // the minute of skew is the signature's, not the cache's
	d.signedByNobody()
	if _, err := d.Verify(signed); err == nil || len(d.cache.known) != 0 {
		t.Errorf("known beyond its expiry: %v, %d tokens", err, len(d.cache.known))
	}
}

func TestOnlySoManyTokensAreKnownAndTheExpiredMakeRoom(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i := range mostKnown + 100 {
		d.cache.put([32]byte{byte(i), byte(i >> 8)}, verified{until: noon.Add(time.Hour)}, noon)
	}
	if n := len(d.cache.known); n > mostKnown || n < mostKnown/2 {
		t.Errorf("%d known", n)
	}
	d.now = noon.Add(2 * time.Hour)
	for i := range mostKnown {
		d.cache.put([32]byte{byte(i), byte(i >> 8), 1}, verified{until: noon.Add(3 * time.Hour)}, d.now)
	}
	for _, v := range d.cache.known {
		if !d.now.Before(v.until) {
			t.Fatal("the expired stay while the living go")
		}
	}
	if n := len(d.cache.known); n > mostKnown {
		t.Errorf("%d known", n)
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var group sync.WaitGroup
	for i := range 16 {
		signed := d.sign(t, fmt.Sprint(i%4), time.Hour)
		group.Go(func() {
			for range 20 {
				if c, err := d.Verify(signed); err != nil || c.Name != fmt.Sprint(i%4) {
					t.Errorf("%+v %v", c, err)
				}
			}
		})
	}
	group.Wait()
}
