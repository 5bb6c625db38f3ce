package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
)

const (
	keySize  = 32
	boxExtra = 12 + 16 // nonce and tag
)

type key [keySize]byte

func newKey() (k key) {
	rand.Read(k[:]) // never fails: crypto/rand
	return k
}

// seal is nonce | AES-256-GCM ciphertext, with a random nonce.
func (k *key) seal(plain, aad []byte) []byte { return k.gcm().Seal(nil, nil, plain, aad) }

func (k *key) open(box, aad []byte) ([]byte, error) {
	plain, err := k.gcm().Open(nil, nil, box, aad)
	if err != nil {
		return nil, ErrBox
	}
	return plain, nil
}

func (k *key) openKey(box, aad []byte) (inner key, err error) {
	plain, err := k.open(box, aad)
	if err != nil || len(plain) != keySize {
		return key{}, ErrBox
	}
	return key(plain), nil
}

func (k *key) gcm() cipher.AEAD {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		panic("an AES key is 32 bytes: " + err.Error())
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("AES-GCM takes an AES block: " + err.Error())
	}
	return aead
}

// derive is a key for one purpose: no key is used for two.
func (k *key) derive(purpose string) key {
	out, err := hkdf.Expand(sha256.New, k[:], "gallra keyring v1|"+purpose, keySize)
	if err != nil {
		panic("HKDF gives 32 bytes: " + err.Error())
	}
	return key(out)
}

func (k *key) wipe() { clear(k[:]) }

// bind joins parts so that no two lists give the same bytes.
func bind(parts ...[]byte) []byte {
	var all []byte
	for _, part := range parts {
		all = binary.AppendUvarint(all, uint64(len(part)))
		all = append(all, part...)
	}
	return all
}
