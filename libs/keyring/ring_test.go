package keyring

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

const af = "arbetsformedlingen"

// home is a key database and a keystore that outlive the rings opened on them.
type home struct {
	db    *pgxpool.Pool
	store Keystore
}

func newHome(t testing.TB) home {
	t.Helper()
	url := pgtest.From(t, "keyring", func(ctx context.Context, url string) error {
		return pg.MigrateAll(ctx, url, Migration())
	})
	db, err := pg.Open(context.Background(), url, pg.MaxConns(8))
	must(t, err)
	t.Cleanup(db.Close)
	store, err := FileStore(t.TempDir())
	must(t, err)
	return home{db: db, store: store}
}

func (h home) open(t testing.TB) *Ring {
	t.Helper()
	ring, err := Open(context.Background(), h.db, h.store)
	must(t, err)
	return ring
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ref() UnitRef { return UnitRef{Authority: af, ID: newID()} }

// sealed makes a unit with a box in it.
func sealed(t testing.TB, r *Ring, rule PageRule) (UnitRef, []byte) {
	t.Helper()
	unit, err := r.NewUnit(t.Context(), ref(), rule)
	must(t, err)
	box, err := unit.Seal(aadOf(unit.Ref), []byte("what was said"))
	must(t, err)
	return unit.Ref, box
}

func aadOf(ref UnitRef) AAD {
	return AAD{Authority: ref.Authority, Record: ref.ID, Category: "contact.phone-log"}
}

func opens(r *Ring, ref UnitRef, box []byte) error {
	unit, err := r.Unit(context.Background(), ref)
	if err != nil {
		return err
	}
	plain, err := unit.Open(aadOf(ref), box)
	if err == nil && string(plain) != "what was said" {
		return fmt.Errorf("opened as %q", plain)
	}
	return err
}

func TestWhatIsSealedOpensAfterARestartAndARotation(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	ref, box := sealed(t, ring, ByDay("contact.phone-log", "2024-01-31"))
	must(t, opens(ring, ref, box))
	must(t, ring.Rotate(t.Context()))
	must(t, opens(ring, ref, box))
	must(t, opens(home.open(t), ref, box))
	home.holdsOneGeneration(t)
}

func TestABoxOpensForItsRecordAndCategoryOnly(t *testing.T) {
	t.Parallel()
	ring := newHome(t).open(t)
	ref, box := sealed(t, ring, Shared("person"))
	unit, err := ring.Unit(t.Context(), ref)
	must(t, err)
	for what, aad := range map[string]AAD{
		"another record":    {ref.Authority, uuid.New(), "contact.phone-log"},
		"another category":  {ref.Authority, ref.ID, "contact.chat"},
		"another authority": {"te-customer-service", ref.ID, "contact.phone-log"},
	} {
		if _, err := unit.Open(aad, box); !errors.Is(err, ErrBox) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range box {
		bent := bytes.Clone(box)
		bent[i] ^= 1
		if _, err := unit.Open(aadOf(ref), bent); !errors.Is(err, ErrBox) {
			t.Errorf("byte %d: %v", i, err)
		}
	}
	if _, err := unit.Open(aadOf(ref), box[:20]); !errors.Is(err, ErrBox) {
		t.Errorf("cut: %v", err)
	}
}

func TestADestroyedUnitIsRefusedInEveryProcessAtOnce(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	here, there := home.open(t), home.open(t)
	gone, goneBox := sealed(t, here, Shared("person"))
	stays, staysBox := sealed(t, here, Shared("person"))
	must(t, opens(there, gone, goneBox))
	for range 2 { // delete twice = once
		must(t, here.Destroy(t.Context(), []UnitRef{gone, ref()}))
	}
	for name, ring := range map[string]*Ring{"here": here, "there": there, "new": home.open(t)} {
		if err := opens(ring, gone, goneBox); !errors.Is(err, ErrDestroyed) {
			t.Errorf("%s: %v", name, err)
		}
		if err := opens(ring, stays, staysBox); err != nil {
			t.Errorf("%s: the neighbour on the page: %v", name, err)
		}
		if _, err := ring.NewUnit(t.Context(), gone, Shared("person")); !errors.Is(err, ErrDestroyed) {
			t.Errorf("%s: made again: %v", name, err)
		}
		if _, err := ring.Unit(t.Context(), ref()); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: a unit never made: %v", name, err)
		}
	}
	home.holdsOneGeneration(t)
}

func TestTheSameUnitIsMadeOnce(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ref, rings := ref(), []*Ring{home.open(t), home.open(t)}
	var group sync.WaitGroup
	macs := make([][]byte, 40)
	for i := range macs {
		group.Go(func() {
			unit, err := rings[i%2].NewUnit(t.Context(), ref, Shared("person"))
			if err != nil {
				t.Error(err)
				return
			}
			macs[i] = unit.MAC("fingerprint", []byte("a"))
		})
	}
	group.Wait()
	for _, m := range macs {
		if !bytes.Equal(m, macs[0]) {
			t.Fatal("two keys for one unit")
		}
	}
}

func TestManyUnitsAreMadeInOrderOnPagesOfTheirSize(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	var wanted []Wanted
	for range 150 {
		wanted = append(wanted, Wanted{Ref: ref(), Page: Shared("person")})
	}
	units, err := ring.NewUnits(t.Context(), append(wanted, wanted[0]))
	must(t, err)
	for i, unit := range units {
		if want := append(wanted, wanted[0])[i].Ref; unit.Ref != want {
			t.Fatalf("unit %d is %v, want %v", i, unit.Ref, want)
		}
	}
	var pages, most int
	must(t, home.db.QueryRow(t.Context(), `SELECT count(*), max(units) FROM key_page`).Scan(&pages, &most))
	if pages != 3 || most != 64 {
		t.Fatalf("%d pages of at most %d", pages, most)
	}
}

func TestADayThatIsOverTakesItsPageWithIt(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	ring := home.open(t)
	a, _ := sealed(t, ring, ByDay("contact.chat", "2024-01-31"))
	b, _ := sealed(t, ring, ByDay("contact.chat", "2024-01-31"))
	must(t, ring.Destroy(t.Context(), []UnitRef{a, b}))
	var pages int
	must(t, home.db.QueryRow(t.Context(), `SELECT count(*) FROM key_page`).Scan(&pages))
	if pages != 0 || len(ring.table.pages) != 0 {
		t.Fatalf("%d pages left, %d in memory", pages, len(ring.table.pages))
	}
}

func TestFingerprintsOfOneUnitDifferByPurposeAndDieWithIt(t *testing.T) {
	t.Parallel()
	ring := newHome(t).open(t)
	a, err := ring.NewUnit(t.Context(), ref(), Shared("person"))
	must(t, err)
	b, err := ring.NewUnit(t.Context(), ref(), Shared("person"))
	must(t, err)
	same := a.MAC("fingerprint", []byte("x"))
	for what, other := range map[string][]byte{
		"purpose": a.MAC("other", []byte("x")), "data": a.MAC("fingerprint", []byte("y")), "unit": b.MAC("fingerprint", []byte("x")),
	} {
		if bytes.Equal(same, other) {
			t.Errorf("another %s gives the same fingerprint", what)
		}
	}
}

func TestAKeystoreOfAnotherDatabaseIsNotHarmed(t *testing.T) {
	t.Parallel()
	mine, other := newHome(t), newHome(t)
	ring := mine.open(t)
	must(t, ring.Rotate(t.Context()))
	if _, err := Open(t.Context(), other.db, mine.store); !errors.Is(err, ErrKeystore) {
		t.Fatalf("an empty database with a used keystore: %v", err)
	}
	other.open(t)
	if _, err := Open(t.Context(), other.db, mine.store); !errors.Is(err, ErrKeystore) {
		t.Fatalf("a database with another's keystore: %v", err)
	}
	mine.open(t)
}

func (h home) holdsOneGeneration(t testing.TB) {
	t.Helper()
	held, err := h.store.Generations(context.Background())
	must(t, err)
	var current int64
	must(t, h.db.QueryRow(context.Background(), `SELECT current FROM key_generation`).Scan(&current))
	if len(held) != 1 || held[0] != current {
		t.Fatalf("keystore holds %v, the database is at %d", held, current)
	}
}
