// Package keystoretest is the contract of a keyring.Keystore as tests. Every
// implementation passes them; only tests import it.
package keystoretest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
)

// Place is an empty keystore and the ways in which processes meet it.
type Place struct {
	// Open opens it as a process that starts anew does.
	Open func(t testing.TB) keyring.Keystore
	// Crashes are what a Put of a generation, or a Destroy, leaves behind that was
	// killed between two of its steps, by the name of the step.
	Crashes map[string]func(t testing.TB, generation int64)
}

// Run tries a keystore; empty makes a new one for each test.
func Run(t *testing.T, empty func(t testing.TB) Place) {
	for name, try := range map[string]func(*testing.T, Place){
		"what was put is got, also by another process": putAndGet,
		"what was never put is not there":              missing,
		"a put replaces an unused one":                 replaced,
		"what is destroyed is gone, once or twice":     destroyed,
		"generations are listed as numbers":            listed,
		"nobody shares memory with a keystore":         apart,
		"a generation below one is refused":            below,
		"many at once do not disturb each other":       together,
		"one generation put by many is one of theirs":  contended,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			try(t, empty(t))
		})
	}
	steps := empty(t).Crashes
	if len(steps) == 0 {
		t.Fatal("nothing says what a crash leaves behind")
	}
	for step := range steps {
		t.Run("a crash after "+step, func(t *testing.T) {
			t.Parallel()
			crashed(t, empty(t), step)
		})
	}
}

func random(t testing.TB) []byte {
	t.Helper()
	key := make([]byte, 32)
	rand.Read(key)
	return key
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, ks keyring.Keystore, generation int64) []byte {
	t.Helper()
	key := random(t)
	must(t, ks.Put(t.Context(), generation, key))
	return key
}

func holds(t testing.TB, ks keyring.Keystore, generation int64, key []byte) {
	t.Helper()
	got, err := ks.Get(t.Context(), generation)
	if err != nil || !bytes.Equal(got, key) {
		t.Fatalf("generation %d: not what was put (%v)", generation, err)
	}
}

func lacks(t testing.TB, ks keyring.Keystore, generation int64) {
	t.Helper()
	if key, err := ks.Get(t.Context(), generation); !errors.Is(err, keyring.ErrNoKey) || key != nil {
		t.Fatalf("generation %d: %v", generation, err)
	}
}

func lists(t testing.TB, ks keyring.Keystore, want ...int64) {
	t.Helper()
	got, err := ks.Generations(t.Context())
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("it lists %v, not %v (%v)", got, want, err)
	}
}

func putAndGet(t *testing.T, p Place) {
	ks := p.Open(t)
	lists(t, ks)
	key := put(t, ks, 1)
	holds(t, ks, 1, key)
	holds(t, p.Open(t), 1, key)
	lists(t, p.Open(t), 1)
	described(t, ks)
}

// described is for those that say more of themselves.
func described(t *testing.T, ks keyring.Keystore) {
	t.Helper()
	said, ok := ks.(keyring.Described)
	if !ok {
		return
	}
	if said.Provider() == "" {
		t.Error("the provider has no name")
	}
	made, err := said.MadeAt(t.Context(), 1)
	if age := clock.PaceNow().Sub(made); err != nil || age < -time.Minute || age > time.Minute {
		t.Errorf("a key of just now was made at %s (%v)", made, err)
	}
	if _, err := said.MadeAt(t.Context(), 2); !errors.Is(err, keyring.ErrNoKey) {
		t.Errorf("a key that there is not was made: %v", err)
	}
}

func missing(t *testing.T, p Place) {
	ks := p.Open(t)
	lacks(t, ks, 1)
	must(t, ks.Destroy(t.Context(), 1))
	put(t, ks, 2)
	lacks(t, ks, 1)
	lacks(t, ks, 22)
	lists(t, ks, 2)
}

func replaced(t *testing.T, p Place) {
	ks := p.Open(t)
	current := put(t, ks, 1)
	put(t, ks, 2)
	key := put(t, p.Open(t), 2)
	holds(t, ks, 2, key)
	holds(t, ks, 1, current)
	lists(t, ks, 1, 2)
}

func destroyed(t *testing.T, p Place) {
	ks := p.Open(t)
	put(t, ks, 1)
	stays := put(t, ks, 2)
	must(t, ks.Destroy(t.Context(), 1))
	must(t, p.Open(t).Destroy(t.Context(), 1))
	for _, ks := range []keyring.Keystore{ks, p.Open(t)} {
		lacks(t, ks, 1)
		holds(t, ks, 2, stays)
		lists(t, ks, 2)
	}
}

func listed(t *testing.T, p Place) {
	ks := p.Open(t)
	for _, generation := range []int64{10, 9, 1, 1 << 40} {
		put(t, ks, generation)
	}
	lists(t, p.Open(t), 1, 9, 10, 1<<40)
}

func apart(t *testing.T, p Place) {
	ks := p.Open(t)
	key := random(t)
	given := bytes.Clone(key)
	must(t, ks.Put(t.Context(), 1, given))
	clear(given)
	got, err := ks.Get(t.Context(), 1)
	must(t, err)
	clear(got)
	holds(t, ks, 1, key)
}

func below(t *testing.T, p Place) {
	ks := p.Open(t)
	for _, generation := range []int64{0, -1} {
		if err := ks.Put(t.Context(), generation, random(t)); err == nil {
			t.Errorf("it holds a generation %d", generation)
		}
	}
	lists(t, ks)
}

func together(t *testing.T, p Place) {
	const many = 8
	stays := put(t, p.Open(t), 1000)
	var all sync.WaitGroup
	failed := make(chan error, many)
	for generation := range int64(many) {
		ks := p.Open(t)
		all.Go(func() { failed <- rotate(t.Context(), ks, generation+1) })
	}
	all.Wait()
	for range many {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	holds(t, p.Open(t), 1000, stays)
	lists(t, p.Open(t), 1000)
}

// rotate puts a generation, sees it and destroys it.
func rotate(ctx context.Context, ks keyring.Keystore, generation int64) error {
	key := bytes.Repeat([]byte{byte(generation)}, 32)
	if err := ks.Put(ctx, generation, key); err != nil {
		return err
	}
	got, err := ks.Get(ctx, generation)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, key) {
		return errors.New("somebody else's key")
	}
	if _, err := ks.Generations(ctx); err != nil {
		return err
	}
	return ks.Destroy(ctx, generation)
}

// contended is what the keyring's lock rules out; still nothing may be left that is
// nobody's key. A Put may fail.
func contended(t *testing.T, p Place) {
	const many = 4
	keys := make([][]byte, many)
	var all sync.WaitGroup
	for i := range keys {
		keys[i] = random(t)
		ks := p.Open(t)
		all.Go(func() { _ = ks.Put(t.Context(), 1, keys[i]) })
	}
	all.Wait()
	got, err := p.Open(t).Get(t.Context(), 1)
	if errors.Is(err, keyring.ErrNoKey) {
		return
	}
	must(t, err)
	if !slices.ContainsFunc(keys, func(key []byte) bool { return bytes.Equal(key, got) }) {
		t.Error("it holds a key that nobody put")
	}
}

// crashed wants that a generation whose Put or Destroy was killed is seen, can be put
// again and destroyed, and that the current one was never touched.
func crashed(t *testing.T, p Place, step string) {
	current := put(t, p.Open(t), 1)
	for _, again := range []bool{true, false} {
		p.Crashes[step](t, 2)
		ks := p.Open(t)
		lists(t, ks, 1, 2)
		holds(t, ks, 1, current)
		if again {
			key := put(t, ks, 2)
			holds(t, p.Open(t), 2, key)
		}
		must(t, ks.Destroy(t.Context(), 2))
		lacks(t, p.Open(t), 2)
		lists(t, p.Open(t), 1)
	}
}
