// Package seal encrypts to a receiver's public key what must travel in an event
// (DESIGN D5): HPKE (RFC 9180) in base mode with ML-KEM-768 + X25519 (X-Wing),
// HKDF-SHA256 and AES-256-GCM, so that what is recorded today does not open for
// a quantum computer later. A box is version | encapsulated key | ciphertext.
//
// It says nothing about who sealed: the transport authenticates senders.
package seal

import (
	"crypto/hpke"
	"errors"
	"fmt"
)

const (
	version = 1
	encSize = 1120 // ML-KEM-768 ciphertext 1088 + X25519 share 32
)

var info = []byte("gallra seal v1")

// ErrBox says that a box does not open: another key, other associated data, or
// damage. It never says which.
var ErrBox = errors.New("sealed box does not open")

// Generate makes a key pair. The private half is a 32-byte seed.
func Generate() (public, private []byte, err error) {
	key, err := hpke.MLKEM768X25519().GenerateKey()
	if err != nil {
		return nil, nil, fmt.Errorf("generate transport key: %w", err)
	}
	private, err = key.Bytes()
	if err != nil {
		return nil, nil, fmt.Errorf("encode transport key: %w", err)
	}
	return key.PublicKey().Bytes(), private, nil
}

// Seal encrypts plain to publicKey; it opens only with the same aad.
func Seal(publicKey, aad, plain []byte) ([]byte, error) {
	public, err := hpke.MLKEM768X25519().NewPublicKey(publicKey)
	if err != nil {
		return nil, fmt.Errorf("read public key: %w", err)
	}
	enc, sender, err := hpke.NewSender(public, hpke.HKDFSHA256(), hpke.AES256GCM(), info)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	sealed, err := sender.Seal(aad, plain)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	box := make([]byte, 0, 1+len(enc)+len(sealed))
	return append(append(append(box, version), enc...), sealed...), nil
}

// Open decrypts a box of Seal or of a Sealer, or returns ErrBox.
func Open(privateKey, aad, box []byte) ([]byte, error) {
	if len(box) >= 1+encSize+nonceSize && box[0] == versionMany {
		aead, err := decapsulate(privateKey, box[1:1+encSize])
		if err != nil {
			return nil, err
		}
		return openMany(aead, aad, box)
	}
	private, err := hpke.MLKEM768X25519().NewPrivateKey(privateKey)
	if err != nil {
		return nil, fmt.Errorf("read private key: %w", err)
	}
	if len(box) < 1+encSize || box[0] != version {
		return nil, ErrBox
	}
	recipient, err := hpke.NewRecipient(box[1:1+encSize], private, hpke.HKDFSHA256(), hpke.AES256GCM(), info)
	if err != nil {
		return nil, ErrBox
	}
	plain, err := recipient.Open(aad, box[1+encSize:])
	if err != nil {
		return nil, ErrBox
	}
	return plain, nil
}
