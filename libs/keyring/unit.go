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

// Unit is a living unit's key, or its two while it is renewed. It is for one piece
// of work: it does not learn of a Destroy or a Renew, Ring.Unit does.
type Unit struct {
	Ref     UnitRef
	wrap    key  // wraps data keys
	old     *key // wraps data keys of before the renewal
	digests key  // of which MAC keys are derived
	number  int
}

// Number is how often the unit was renewed, as of the newest key that this Unit
// holds. Whoever writes a box compares it, under the lock of the row that the
// boxes hang on, with the number that the last re-wrap left there: a lower one
// seals under a key that is about to go.
func (u *Unit) Number() int { return u.number }

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
	box = u.wrap.gcm().Seal(box, nil, data[:], bound)
	return data.gcm().Seal(box, nil, plain, bound), nil
}

// Open decrypts a box of Seal, or returns ErrBox.
func (u *Unit) Open(aad AAD, box []byte) ([]byte, error) {
	bound := aad.bytes()
	data, _, err := u.dataKey(bound, box)
	if err != nil {
		return nil, err
	}
	defer data.wipe()
	return data.open(box[1+wrappedSize:], bound)
}

// Rewrap is the box under the unit's newest key, or ErrBox. The data key is
// wrapped anew, the text is not touched; a box that is under the newest key comes
// back as it is, so a repeat changes nothing.
func (u *Unit) Rewrap(aad AAD, box []byte) ([]byte, error) {
	bound := aad.bytes()
	data, newest, err := u.dataKey(bound, box)
	if err != nil || newest {
		return box, err
	}
	defer data.wipe()
	fresh := make([]byte, 1, len(box))
	fresh[0] = boxVersion
	fresh = append(fresh, u.wrap.seal(data[:], bound)...)
	return append(fresh, box[1+wrappedSize:]...), nil
}

// dataKey unwraps the data key of a box, and says whether the newest key did it.
func (u *Unit) dataKey(bound, box []byte) (data key, newest bool, err error) {
	if len(box) < 1+wrappedSize+boxExtra || box[0] != boxVersion {
		return key{}, false, ErrBox
	}
	data, err = u.wrap.openKey(box[1:1+wrappedSize], bound)
	if err == nil || u.old == nil {
		return data, err == nil, err
	}
	data, err = u.old.openKey(box[1:1+wrappedSize], bound)
	return data, false, err
}

// MAC is a fingerprint of data that means nothing once the unit is destroyed. It
// stays the same when the unit is renewed.
func (u *Unit) MAC(purpose string, data []byte) []byte {
	k := u.digests.derive(purpose)
	return mac(&k, data)
}

func mac(k *key, data []byte) []byte {
	h := hmac.New(sha256.New, k[:])
	h.Write(data)
	return h.Sum(nil)
}
