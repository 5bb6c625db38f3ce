package audio_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/intake/internal/audio"
)

func units(t *testing.T, n int) (made []*keyring.Unit) {
	t.Helper()
	url := pgtest.From(t, "audio_keys", func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, keyring.Migration()) })
	db, err := pg.Open(t.Context(), url, pg.MaxConns(2))
	must(t, err)
	t.Cleanup(db.Close)
	files, err := keyring.FileStore(t.TempDir())
	must(t, err)
	ring, err := keyring.Open(t.Context(), db, files)
	must(t, err)
	for range n {
		unit, err := ring.NewUnit(t.Context(), keyring.UnitRef{Authority: "te-customer-service", ID: uuid.New()}, keyring.ByDay("contact.recording", "2025-03-04"))
		must(t, err)
		made = append(made, unit)
	}
	return made
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAChunkOpensInItsOwnPlaceOnly(t *testing.T) {
	t.Parallel()
	of := units(t, 2)
	recording, here := uuid.New(), audio.Place{AtByte: 1000, From: time.Second, Until: 2 * time.Second}
	box, err := audio.Seal(of[0], recording, here, []byte("a second of talk"))
	must(t, err)
	if plain, err := audio.Open(of[0], recording, here, box); err != nil || string(plain) != "a second of talk" {
		t.Fatalf("%s %v", plain, err)
	}
	if bytes.Contains(box, []byte("talk")) {
		t.Error("the box is no box")
	}
	for name, there := range map[string]audio.Place{
		"at another byte": {AtByte: 0, From: time.Second, Until: 2 * time.Second}, "earlier in the call": {AtByte: 1000, From: 0, Until: 2 * time.Second},
		"longer": {AtByte: 1000, From: time.Second, Until: 3 * time.Second},
	} {
		if _, err := audio.Open(of[0], recording, there, box); err == nil {
			t.Errorf("%s it opens", name)
		}
	}
	if _, err := audio.Open(of[0], uuid.New(), here, box); err == nil {
		t.Error("in another recording it opens")
	}
	if _, err := audio.Open(of[1], recording, here, box); err == nil {
		t.Error("under another unit it opens")
	}
}

func TestADigestKnowsTheSameChunkInTheSamePlaceAndSaysNothingElse(t *testing.T) {
	t.Parallel()
	of := units(t, 2)
	here, sum := audio.Place{AtByte: 1000, From: time.Second, Until: 2 * time.Second}, sha256.Sum256([]byte("talk"))
	first := audio.Digest(of[0], here, sum)
	there := here
	there.Until++ // a nanosecond is no other place: they count in ms
	for name, c := range map[string]struct {
		digest []byte
		same   bool
	}{
		"again":             {audio.Digest(of[0], here, sum), true},
		"in ms":             {audio.Digest(of[0], there, sum), true},
		"under another key": {audio.Digest(of[1], here, sum), false},
		"another sound":     {audio.Digest(of[0], here, sha256.Sum256([]byte("other"))), false},
		"another place":     {audio.Digest(of[0], audio.Place{AtByte: 1001, From: here.From, Until: here.Until}, sum), false},
		"the sum itself":    {sum[:], false},
	} {
		if bytes.Equal(first, c.digest) != c.same {
			t.Errorf("%s: same is %v", name, !c.same)
		}
	}
}
