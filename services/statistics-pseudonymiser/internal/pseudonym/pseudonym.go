// Package pseudonym computes the keyed names of the statistics store: pure
// functions of a key and a random token. Nothing is ever computed from a
// personal number, so there is nothing to try out.
package pseudonym

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"hash"
	"sync"
)

// Token is 128 random bits that case-linker drew: t stands for a person in one
// epoch, r for one closing of one share of a case. It dies with a key there.
type Token [16]byte

// ParseToken reads 32 hex digits. The error does not repeat them.
func ParseToken(s string) (t Token, err error) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(t) {
		return t, errors.New("not a token of 16 bytes in hex")
	}
	return Token(raw), nil
}

// Key is an HMAC-SHA-256 key that serves one purpose. It is safe for concurrent
// use, and keeps what is computed of the key alone.
type Key struct{ macs *sync.Pool }

// NewKey makes a key of secret bytes.
func NewKey(secret []byte) Key {
	return Key{macs: &sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }}}
}

// crockford is Crockford's alphabet in the bit order of RFC 4648: 128 bits are
// 26 characters.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Person is p = HMAC-SHA-256(K_stat, t), cut to 128 bits: the same for all rows
// of a person in an epoch.
func (k Key) Person(t Token) string { return name(k.mac(t[:])) }

// Row is HMAC-SHA-256(K_row, r), by which a linked row is found again.
func (k Key) Row(r Token) []byte { return k.mac(r[:]) }

// Fresh is what overwrites p on separation: pseudo-random under a key that lives
// for the day, so that all rows of one p separated that day get the same value,
// and for good unrelated to p once the day's key is destroyed.
func (k Key) Fresh(p string) string { return name(k.mac([]byte(p))) }

func (k Key) mac(data []byte) []byte {
	h := k.macs.Get().(hash.Hash)
	defer k.macs.Put(h)
	h.Reset()
	h.Write(data)
	return h.Sum(nil)
}

func name(mac []byte) string { return crockford.EncodeToString(mac[:16]) }
