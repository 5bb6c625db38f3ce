package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"sync"
)

// A box of a Sealer is versionMany | encapsulated key | nonce | ciphertext.
const (
	versionMany = 2
	nonceSize   = 12
	manyKey     = "gallra seal many v2" // what the exported secret is for (RFC 9180 section 5.3)
)

// Sealer seals many texts to one public key at the price of one encapsulation, which is nearly all that Seal costs. Its
// boxes open like any other. Whoever keeps one makes a new one every so often: all its boxes fall with its one secret.
// It may be used by many at once.
type Sealer struct {
	enc  []byte
	aead cipher.AEAD
}

// NewSealer encapsulates to publicKey.
func NewSealer(publicKey []byte) (*Sealer, error) {
	public, err := hpke.MLKEM768X25519().NewPublicKey(publicKey)
	if err != nil {
		return nil, fmt.Errorf("read public key: %w", err)
	}
	enc, sender, err := hpke.NewSender(public, hpke.HKDFSHA256(), hpke.AES256GCM(), info)
	if err != nil {
		return nil, fmt.Errorf("encapsulate: %w", err)
	}
	aead, err := exported(sender.Export)
	return &Sealer{enc: enc, aead: aead}, err
}

// Seal encrypts plain; it opens only with the same aad. Nonces are random: a Sealer is good for 2³² boxes.
func (s *Sealer) Seal(aad, plain []byte) []byte {
	box := make([]byte, 0, 1+encSize+nonceSize+len(plain)+s.aead.Overhead())
	box = append(append(box, versionMany), s.enc...)
	nonce := box[len(box) : len(box)+nonceSize]
	rand.Read(nonce)
	return s.aead.Seal(box[:len(box)+nonceSize], nonce, plain, aad)
}

func exported(export func(string, int) ([]byte, error)) (cipher.AEAD, error) {
	key, err := export(manyKey, 32)
	if err != nil {
		return nil, fmt.Errorf("export key: %w", err)
	}
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Opener opens boxes and remembers the last few encapsulated keys, so that many boxes of one Sealer cost one
// decapsulation. It opens nothing without the private key, each time. The zero Opener is ready.
type Opener struct {
	mu     sync.Mutex
	opened []opened // newest last
}

type opened struct {
	by   [sha256.Size]byte // private key and encapsulated key
	aead cipher.AEAD
}

// mostOpened is how many Sealers at a time it remembers: with one a minute from each sender none stays for long.
const mostOpened = 16

// Open is the function Open.
func (o *Opener) Open(privateKey, aad, box []byte) ([]byte, error) {
	if len(box) < 1+encSize+nonceSize || box[0] != versionMany {
		return Open(privateKey, aad, box)
	}
	by := sha256.Sum256(bytes.Join([][]byte{privateKey, box[1 : 1+encSize]}, nil))
	aead, known := o.find(by)
	if !known {
		made, err := decapsulate(privateKey, box[1:1+encSize])
		if err != nil {
			return nil, err
		}
		aead = made
	}
	plain, err := openMany(aead, aad, box)
	if err == nil && !known {
		o.keep(opened{by, aead}) // of boxes that open only: a stranger's push nothing out
	}
	return plain, err
}

// Forget drops what is remembered.
func (o *Opener) Forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.opened)
	o.opened = nil
}

func (o *Opener) find(by [sha256.Size]byte) (cipher.AEAD, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, one := range o.opened {
		if one.by == by {
			return one.aead, true
		}
	}
	return nil, false
}

func (o *Opener) keep(one opened) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.opened) == mostOpened {
		o.opened = append(o.opened[:0:0], o.opened[1:]...)
	}
	o.opened = append(o.opened, one)
}

func decapsulate(privateKey, enc []byte) (cipher.AEAD, error) {
	private, err := hpke.MLKEM768X25519().NewPrivateKey(privateKey)
	if err != nil {
		return nil, fmt.Errorf("read private key: %w", err)
	}
	recipient, err := hpke.NewRecipient(enc, private, hpke.HKDFSHA256(), hpke.AES256GCM(), info)
	if err != nil {
		return nil, ErrBox
	}
	return exported(recipient.Export)
}

func openMany(aead cipher.AEAD, aad, box []byte) ([]byte, error) {
	plain, err := aead.Open(nil, box[1+encSize:1+encSize+nonceSize], box[1+encSize+nonceSize:], aad)
	if err != nil {
		return nil, ErrBox
	}
	return plain, nil
}
