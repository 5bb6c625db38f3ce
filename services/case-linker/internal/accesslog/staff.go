package accesslog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/services/case-linker/internal/store"
)

const categoryStaff = "staff.account"

// account is the content of a staff row.
type account struct {
	Name string `json:"name"`
}

// Staff is the opaque id of who has an account, making it the first time: key first, then row.
func (l *Log) Staff(ctx context.Context, authority, name string) (uuid.UUID, error) {
	who := staffKey{authority, name}
	if id, known := l.staff.Load(who); known {
		return id.(uuid.UUID), nil
	}
	mac, err := l.Keys.TombstoneMAC(ctx, authority, []byte("staff|"+name))
	if err != nil {
		return uuid.Nil, err
	}
	for range 2 {
		id, found, err := store.FindStaff(ctx, l.DB, authority, mac)
		if err != nil {
			return uuid.Nil, fmt.Errorf("find staff: %w", err)
		}
		if found {
			l.staff.Store(who, id)
			return id, nil
		}
		if err := l.newStaff(ctx, authority, name, mac); err != nil {
			return uuid.Nil, err
		}
	}
	return uuid.Nil, errors.New("an account that was stored is not there")
}

type staffKey struct{ authority, name string }

func (l *Log) newStaff(ctx context.Context, authority, name string, mac []byte) error {
	id := uuid.New()
	unit, err := l.Keys.NewUnit(ctx, keyring.UnitRef{Authority: authority, ID: id}, keyring.Shared("staff"))
	if err != nil {
		return err
	}
	plain, err := json.Marshal(account{name})
	if err != nil {
		return fmt.Errorf("encode account: %w", err)
	}
	box, err := unit.Seal(aadOf(authority, id), plain)
	if err != nil {
		return fmt.Errorf("encrypt account: %w", err)
	}
	_, err = store.InsertStaff(ctx, l.DB, authority, id, mac, box)
	return err
}

// Names are the accounts of some staff; whoever is not known any more is left out.
func (l *Log) Names(ctx context.Context, authority string, staff []uuid.UUID) (map[uuid.UUID]string, error) {
	boxes, err := store.StaffContents(ctx, l.DB, authority, staff)
	if err != nil {
		return nil, err
	}
	names := map[uuid.UUID]string{}
	for id, box := range boxes {
		unit, err := l.Keys.Unit(ctx, keyring.UnitRef{Authority: authority, ID: id})
		if errors.Is(err, keyring.ErrDestroyed) || errors.Is(err, keyring.ErrUnknown) {
			continue
		}
		if err != nil {
			return nil, err
		}
		plain, err := unit.Open(aadOf(authority, id), box)
		var a account
		if err != nil || json.Unmarshal(plain, &a) != nil {
			return nil, fmt.Errorf("read account %s: %w", id, err)
		}
		names[id] = a.Name
	}
	return names, nil
}

func aadOf(authority string, staff uuid.UUID) keyring.AAD {
	return keyring.AAD{Authority: authority, Record: staff, Category: categoryStaff}
}
