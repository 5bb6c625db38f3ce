package casework

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/services/case-linker/internal/part"
)

// Identity is the content of a person's record.
type Identity struct {
	Salt       []byte            `json:"salt"`
	NationalID string            `json:"nationalId"`
	Fields     map[string]string `json:"fields"` // name, address …
}

// File is the content of a share: the case's number, and a copy of who the share is about, so that an open case outlives
// the identity.
type File struct {
	Salt       []byte `json:"salt"`
	Number     string `json:"number"`
	NationalID string `json:"nationalId"`
	Name       string `json:"name"`
}

// Note is the content of a note's part. One about a single person is its text; of one that more persons share each part
// holds what is that person's to know.
type Note struct {
	Salt   []byte      `json:"salt"`
	Text   string      `json:"text,omitempty"`
	Author string      `json:"author,omitempty"`
	Reason string      `json:"reason,omitempty"` // why it was taken into its present case
	Person int         `json:"person,omitempty"` // whose part it is, in the order of the case's shares; 0: the only one's
	About  []int       `json:"about,omitempty"`  // all persons that the note is about
	Shared *part.Texts `json:"shared,omitempty"`
	Written
}

// Written is what a note says besides its text.
type Written struct {
	Kind       string                     `json:"kind,omitempty"`       // of a recruitment's paper, or activity-report
	LegalBasis []string                   `json:"legalBasis,omitempty"` // laws that handling its case rested on when it was written (AFG-41)
	Processor  string                     `json:"processor,omitempty"`  // who handed the paper in
	TakenOn    string                     `json:"takenOn,omitempty"`    // a test: the day, in the authority's zone
	Reuses     *uuid.UUID                 `json:"reuses,omitempty"`     // a test: the paper of which this is a copy
	ReceivedOn string                     `json:"receivedOn,omitempty"` // a document: the day on which it came in
	Relevance  string                     `json:"relevance,omitempty"`  // the code of why it matters in its case (AFC-08)
	Fields     map[string]json.RawMessage `json:"fields,omitempty"`     // about the one person that the note is about
	Necessity  string                     `json:"necessity,omitempty"`  // the code of why sensitive or third-party fields are needed
	Relation   string                     `json:"relation,omitempty"`   // whom third-party fields are about: partner, child, close-person
	Counts     map[string]int             `json:"counts,omitempty"`     // of an activity report
	Items      []string                   `json:"items,omitempty"`      // of an activity report
}

func newSalt() []byte {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	return salt
}

// seal encrypts content under a unit and commits to it: SHA-256 of the content, whose salt lies inside and dies with the
// key (D11).
func seal(u *keyring.Unit, authority string, record uuid.UUID, category string, content any) (box, commitment []byte, err error) {
	plain, err := json.Marshal(content)
	if err != nil {
		return nil, nil, fmt.Errorf("encode %s: %w", category, err)
	}
	box, err = u.Seal(keyring.AAD{Authority: authority, Record: record, Category: category}, plain)
	if err != nil {
		return nil, nil, fmt.Errorf("encrypt %s: %w", category, err)
	}
	sum := sha256.Sum256(plain)
	return box, sum[:], nil
}

func open[T any](u *keyring.Unit, authority string, record uuid.UUID, category string, box []byte) (content T, err error) {
	plain, err := u.Open(keyring.AAD{Authority: authority, Record: record, Category: category}, box)
	if err != nil {
		return content, fmt.Errorf("decrypt %s: %w", category, err)
	}
	return content, json.Unmarshal(plain, &content)
}

func ref(authority string, unit uuid.UUID) keyring.UnitRef {
	return keyring.UnitRef{Authority: authority, ID: unit}
}

func equal(a, b []byte) bool { return hmac.Equal(a, b) }
