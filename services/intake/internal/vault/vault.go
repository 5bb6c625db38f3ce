// Package vault turns records into what the database may hold, and back: each
// record under the key of its own disposal unit.
package vault

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/services/intake/internal/contact"
)

// sealed is the plaintext of a box. The salt makes the commitment say nothing to
// whoever guesses the record, and dies with the unit's key.
type sealed struct {
	Salt   []byte          `json:"salt"`
	Record json.RawMessage `json:"record"`
}

// UnlinkedCategory binds the box of a note without a case.
const UnlinkedCategory = "contact.unlinked-note"

// Put encrypts a record and commits to it: SHA-256 of salt and canonical record.
func Put(unit *keyring.Unit, id uuid.UUID, category string, record contact.Record) (box, commitment []byte, err error) {
	text, err := json.Marshal(record)
	if err != nil {
		return nil, nil, fmt.Errorf("encode record %s: %w", id, err)
	}
	canonical := jsontext.Value(text)
	if err := canonical.Canonicalize(); err != nil {
		return nil, nil, fmt.Errorf("put record %s in canonical form: %w", id, err)
	}
	defer clear(canonical)
	plain := sealed{Salt: make([]byte, 32), Record: json.RawMessage(canonical)}
	rand.Read(plain.Salt)
	whole, err := json.Marshal(plain)
	if err != nil {
		return nil, nil, fmt.Errorf("encode record %s: %w", id, err)
	}
	defer clear(whole)
	box, err = unit.Seal(aad(unit, id, category), whole)
	return box, Commit(plain.Salt, canonical), err
}

// Commit is SHA-256(salt ‖ canonical record).
func Commit(salt, canonical []byte) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(canonical)
	return h.Sum(nil)
}

// Get decrypts a record.
func Get(unit *keyring.Unit, id uuid.UUID, category string, box []byte) (record contact.Record, err error) {
	whole, err := unit.Open(aad(unit, id, category), box)
	if err != nil {
		return record, fmt.Errorf("open record %s: %w", id, err)
	}
	defer clear(whole)
	var plain sealed
	if err := json.Unmarshal(whole, &plain); err != nil {
		return record, fmt.Errorf("decode record %s: %w", id, err)
	}
	if err := json.Unmarshal(plain.Record, &record); err != nil {
		return record, fmt.Errorf("decode record %s: %w", id, err)
	}
	return record, nil
}

// PutNote encrypts a note that has no case to go to.
func PutNote(unit *keyring.Unit, contact uuid.UUID, note []byte) ([]byte, error) {
	return unit.Seal(aad(unit, contact, UnlinkedCategory), note)
}

// Fingerprint recognises the same line again, for as long as the unit lives.
func Fingerprint(unit *keyring.Unit, canonical []byte) []byte {
	return unit.MAC("fingerprint", canonical)
}

func aad(unit *keyring.Unit, record uuid.UUID, category string) keyring.AAD {
	return keyring.AAD{Authority: unit.Ref.Authority, Record: record, Category: category}
}
