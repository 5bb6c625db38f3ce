package keyring

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/uuid"
)

// TestAnOldBackupReadsWhatLivesAndNothingThatPartedAndWent: two records of one unit; one parts and is destroyed, the unit is
// renewed twice, and the boxes of each time are tried with the keys of today.
func TestAnOldBackupReadsWhatLivesAndNothingThatPartedAndWent(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	ref, own := UnitRef{"a", uuid.New()}, UnitRef{"a", uuid.New()}
	unit, err := ring.NewUnit(t.Context(), ref, Shared("case"))
	must(t, err)
	stays, goes := AAD{"a", uuid.New(), "case.note"}, AAD{"a", uuid.New(), "case.note"}
	box := map[AAD][]byte{}
	for _, aad := range []AAD{stays, goes} {
		box[aad], err = unit.Seal(aad, []byte("kanarie"))
		must(t, err)
	}
	backups := []map[AAD][]byte{{stays: box[stays], goes: box[goes]}}
	renew := func(also ...AAD) {
		must(t, ring.Renew(t.Context(), []UnitRef{ref}))
		unit, err = ring.Unit(t.Context(), ref)
		must(t, err)
		for _, aad := range append(also, stays) {
			must(t, ring.Bequeath(t.Context(), unit, unit, []Bequest{{aad, box[aad]}}))
			must(t, ring.Bequeath(t.Context(), unit, unit, []Bequest{{aad, box[aad]}})) // again
			box[aad], err = unit.Rewrap(aad, box[aad])
			must(t, err)
			must(t, ring.Bequeath(t.Context(), unit, unit, []Bequest{{aad, box[aad]}})) // and after a crash
		}
		renewing, err := ring.Renewing(t.Context(), 9)
		must(t, err)
		must(t, ring.End(t.Context(), Ending{OldKeys: renewing}))
		unit, err = ring.Unit(t.Context(), ref)
		must(t, err)
	}
	renew(goes) // for another record's sake
	backups = append(backups, map[AAD][]byte{stays: box[stays], goes: box[goes]})

	parted, err := ring.NewUnit(t.Context(), own, Shared("notes"))
	must(t, err)
	must(t, ring.Bequeath(t.Context(), unit, parted, []Bequest{{goes, box[goes]}}))
	renew()
	must(t, ring.Disinherit(t.Context(), ref, []uuid.UUID{stays.Record}))
	read := func(aad AAD, old []byte) error {
		fresh, err := ring.Inherit(t.Context(), unit, aad, old)
		if err != nil {
			return err
		}
		plain, err := unit.Open(aad, fresh)
		if err == nil && !bytes.Equal(plain, []byte("kanarie")) {
			err = errors.New("another text")
		}
		return err
	}
	for i, backup := range backups {
		if err := errors.Join(read(stays, backup[stays]), read(goes, backup[goes])); err != nil {
			t.Errorf("backup %d while both live: %v", i, err)
		}
		if _, err := unit.Open(stays, backup[stays]); !errors.Is(err, ErrBox) {
			t.Errorf("backup %d opens without an heir: %v", i, err)
		}
		if err := read(AAD{"a", goes.Record, "case.document"}, backup[goes]); err == nil {
			t.Errorf("backup %d opens as something else", i)
		}
	}
	must(t, ring.Destroy(t.Context(), []UnitRef{own}))
	for i, backup := range backups {
		if err := read(goes, backup[goes]); !errors.Is(err, ErrDestroyed) && !errors.Is(err, ErrBox) {
			t.Errorf("backup %d reads what is destroyed: %v", i, err)
		}
		if err := read(stays, backup[stays]); err != nil {
			t.Errorf("backup %d does not read what lives: %v", i, err)
		}
	}
	must(t, ring.ForgetHeirs(t.Context(), []UnitRef{own}))
	var left int
	must(t, home.db.QueryRow(t.Context(), `SELECT count(*) FROM key_heir`).Scan(&left))
	if left != 2 {
		t.Errorf("%d heirs are left, of two old boxes of what lives", left)
	}
	for _, broken := range [][]byte{nil, {1}, bytes.Repeat([]byte{1}, 200), append([]byte{2}, backups[0][stays][1:]...)} {
		if err := read(stays, broken); !errors.Is(err, ErrBox) {
			t.Errorf("%d bytes that are no box: %v", len(broken), err)
		}
	}
}
