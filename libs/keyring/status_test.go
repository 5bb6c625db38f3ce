package keyring

import (
	"slices"
	"testing"
	"time"

	"gallra.se/libs/clock"
)

func TestAStatusCountsWhatThereIs(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	now := clock.PaceNow()
	status := func() Status {
		s, err := ring.Status(t.Context(), now)
		must(t, err)
		return s
	}
	s := status()
	if s.Provider != "file" || s.Generation != 1 || !slices.Equal(s.Held, []int64{1}) || s.Pages+s.Units+s.Renewing != 0 || s.Index != nil || s.Copy != nil {
		t.Errorf("a new keyring: %+v", s)
	}
	if age := now.Sub(s.RotatedAt); age < -time.Minute || age > time.Minute {
		t.Errorf("its root is %s old", age)
	}
	stays, _ := sealed(t, ring, Shared("person"))
	goes, _ := sealed(t, ring, Shared("person"))
	_, _, err := ring.TransportKey(t.Context(), now)
	must(t, err)
	if s := status(); s.Units != 2 || s.Transport != (Transport{Living: 1}) || s.Pages != 2 {
		t.Errorf("with two units on one page and a transport key: %+v", s)
	}
	must(t, ring.Renew(t.Context(), []UnitRef{stays}))
	must(t, ring.RetireTransportKey(t.Context()))
	must(t, ring.Destroy(t.Context(), []UnitRef{goes}))
	if s := status(); s.Units != 1 || s.Renewing != 1 || s.Transport != (Transport{Retired: 1}) || s.Generation != 2 || !slices.Equal(s.Held, []int64{2}) {
		t.Errorf("after a renewal, a retirement and a destruction: %+v", s)
	}
	later, err := ring.Status(t.Context(), now.Add(OverdueAfter+time.Minute))
	must(t, err)
	if later.Transport != (Transport{Retired: 1, Overdue: 1}) {
		t.Errorf("two days later: %+v", later.Transport)
	}
}

func TestAStatusTellsOfASecondMediumAndOfALookUp(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	dir := t.TempDir()
	ring, err := Open(t.Context(), home.db, home.store, CopyTo(dir))
	must(t, err)
	unit, _ := sealed(t, ring, Shared("person"))
	must(t, ring.Rotate(t.Context()))
	s, err := ring.Status(t.Context(), clock.PaceNow())
	must(t, err)
	if s.Copy == nil || s.Copy.Dir != dir || s.Copy.Generation != 2 || s.Copy.Bytes == 0 || clock.PaceNow().Sub(s.Copy.At) > time.Minute {
		t.Errorf("%+v", s.Copy)
	}
	_, err = ring.Enter(t.Context(), "person", unit, unit.ID, []byte("value"))
	must(t, err)
	if s, err = ring.Status(t.Context(), clock.PaceNow()); err != nil || s.Index == nil || s.Index.Entries != 1 || s.Index.Buckets < 1 || s.Index.ReplacedAt.IsZero() {
		t.Errorf("%+v, %v", s.Index, err)
	}
}
