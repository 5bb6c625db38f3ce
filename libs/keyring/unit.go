package keyring

import (
	"crypto/hmac"
	"crypto/sha256"

	"github.com/google/uuid"
)

// UnitRef names a disposal unit: what goes at one time.
type UnitRef struct {
	Authority string
	ID        uuid.UUID
}

// AAD is what a box is bound to: it opens for this record and category only.
type AAD struct {
	Authority string
	Record    uuid.UUID
	Category  string
}

func (a AAD) bytes() []byte {
	return bind([]byte(a.Authority), a.Record[:], []byte(a.Category))
}

// Unit is a living unit's key. It is for one piece of work: it does not learn of
// a Destroy, Ring.Unit does.
type Unit struct {
	Ref     UnitRef
	wrap    key // wraps data keys
	digests key // of which MAC keys are derived
}

func newUnit(ref UnitRef, k key) *Unit {
	return &Unit{Ref: ref, wrap: k.derive("wrap"), digests: k.derive("mac")}
}

// A box is version | wrapped data key | nonce | ciphertext and tag: all that it
// takes but the unit key.
const (
	boxVersion  = 1
	wrappedSize = keySize + boxExtra
)

// Seal encrypts plain under a fresh data key, bound to aad.
func (u *Unit) Seal(aad AAD, plain []byte) ([]byte, error) {
	bound := aad.bytes()
	data := newKey()
	defer data.wipe()
	box := make([]byte, 1, 1+wrappedSize+len(plain)+boxExtra)
	box[0] = boxVersion
	box = append(box, u.wrap.seal(data[:], bound)...)
	return append(box, data.seal(plain, bound)...), nil
}

// Open decrypts a box of Seal, or returns ErrBox.
func (u *Unit) Open(aad AAD, box []byte) ([]byte, error) {
	if len(box) < 1+wrappedSize+boxExtra || box[0] != boxVersion {
		return nil, ErrBox
	}
	bound := aad.bytes()
	data, err := u.wrap.openKey(box[1:1+wrappedSize], bound)
	if err != nil {
		return nil, err
	}
	defer data.wipe()
	return data.open(box[1+wrappedSize:], bound)
}

// MAC is a fingerprint of data that means nothing once the unit is destroyed.
func (u *Unit) MAC(purpose string, data []byte) []byte {
	k := u.digests.derive(purpose)
	return mac(&k, data)
}

func mac(k *key, data []byte) []byte {
	h := hmac.New(sha256.New, k[:])
	h.Write(data)
	return h.Sum(nil)
}

// unitAAD binds a wrapped unit key to its place.
func unitAAD(ref UnitRef, page uuid.UUID) []byte {
	return bind([]byte("unit"), []byte(ref.Authority), ref.ID[:], page[:])
}
