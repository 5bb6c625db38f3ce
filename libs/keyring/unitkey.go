package keyring

import (
	"fmt"

	"github.com/google/uuid"
)

// secret is what a unit's row holds, under the page key: the unit key, and in a
// renewed unit the digest key of before, which outlives the unit keys.
type secret struct {
	unit    key
	digests key
	renewed bool
}

func newSecret() secret {
	s := secret{unit: newKey()}
	s.digests = s.unit.derive("mac")
	return s
}

// successor is the secret of the same unit after a renewal.
func (s *secret) successor() secret {
	return secret{unit: newKey(), digests: s.digests, renewed: true}
}

func (s *secret) seal(page *key, aad []byte) []byte {
	plain := s.unit[:]
	if s.renewed {
		plain = append(append(make([]byte, 0, 2*keySize), s.unit[:]...), s.digests[:]...)
		defer clear(plain)
	}
	return page.seal(plain, aad)
}

func openSecret(page *key, box, aad []byte) (s secret, err error) {
	plain, err := page.open(box, aad)
	if err != nil {
		return s, err
	}
	defer clear(plain)
	switch len(plain) {
	case keySize:
		s.unit = key(plain)
		s.digests = s.unit.derive("mac")
	case 2 * keySize:
		s = secret{unit: key(plain[:keySize]), digests: key(plain[keySize:]), renewed: true}
	default:
		return s, ErrBox
	}
	return s, nil
}

// unitRow is a row of key_unit; page is nil once destroyed, fresh unless the unit
// holds two keys.
type unitRow struct {
	ref            UnitRef
	page           *uuid.UUID
	wrapped, fresh []byte
	renewed        int
}

// open unwraps the row's keys; fresh is nil when there is one only.
func (row *unitRow) open(page *key) (current secret, fresh *secret, err error) {
	current, err = openSecret(page, row.wrapped, unitAAD(row.ref, *row.page))
	if err == nil && row.fresh != nil {
		var s secret
		s, err = openSecret(page, row.fresh, freshAAD(row.ref, *row.page))
		fresh = &s
	}
	if err != nil {
		return current, nil, fmt.Errorf("unwrap unit %s: %w", row.ref.ID, err)
	}
	return current, fresh, nil
}

func (row *unitRow) unit(page *key) (*Unit, error) {
	current, fresh, err := row.open(page)
	if err != nil {
		return nil, err
	}
	u := newUnit(row.ref, current)
	u.number = row.renewed
	if fresh != nil {
		before := u.wrap
		u.wrap, u.old = fresh.unit.derive("wrap"), &before
	}
	return u, nil
}

func newUnit(ref UnitRef, s secret) *Unit {
	return &Unit{Ref: ref, wrap: s.unit.derive("wrap"), digests: s.digests}
}

// rewrap puts the row's keys under another page key.
func (row *unitRow) rewrap(from, to *key) error {
	current, fresh, err := row.open(from)
	if err != nil {
		return err
	}
	row.wrapped = current.seal(to, unitAAD(row.ref, *row.page))
	if fresh != nil {
		row.fresh = fresh.seal(to, freshAAD(row.ref, *row.page))
	}
	return nil
}

// unitAAD binds a wrapped unit key to its place.
func unitAAD(ref UnitRef, page uuid.UUID) []byte {
	return bind([]byte("unit"), []byte(ref.Authority), ref.ID[:], page[:])
}

func freshAAD(ref UnitRef, page uuid.UUID) []byte {
	return bind([]byte("fresh unit"), []byte(ref.Authority), ref.ID[:], page[:])
}
