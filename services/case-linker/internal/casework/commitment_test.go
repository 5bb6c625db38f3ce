package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
)

// D11. The salt of a commitment lies in the content, under the unit's key, and goes with it.
func TestTheSaltOfACommitmentGoesWithTheKey(t *testing.T) {
	t.Parallel()
	url := pgtest.From(t, "keys", func(ctx context.Context, url string) error { return pg.MigrateAll(ctx, url, keyring.Migration()) })
	db, err := pg.Open(t.Context(), url, pg.MaxConns(4))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	files, err := keyring.FileStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Open(t.Context(), db, files)
	if err != nil {
		t.Fatal(err)
	}
	at := keyring.UnitRef{Authority: "arbetsformedlingen", ID: uuid.New()}
	unit, err := ring.NewUnit(t.Context(), at, keyring.Shared("share"))
	if err != nil {
		t.Fatal(err)
	}
	record := uuid.New()
	for category, content := range map[string]func(salt []byte) any{
		"person.identity": func(salt []byte) any { return Identity{Salt: salt, NationalID: "197001019901"} },
		"case.file":       func(salt []byte) any { return File{Salt: salt, Number: "2024-000001", NationalID: "197001019901"} },
		"case.note":       func(salt []byte) any { return Note{Salt: salt, Text: "prov"} },
	} {
		box, commitment, err := seal(unit, at.Authority, record, category, content(newSalt()))
		if err != nil {
			t.Fatal(err)
		}
		_, again, err := seal(unit, at.Authority, record, category, content(newSalt()))
		if err != nil || bytes.Equal(again, commitment) {
			t.Errorf("%s: the same content has one commitment for all: %v", category, err)
		}
		plain, err := unit.Open(keyring.AAD{Authority: at.Authority, Record: record, Category: category}, box)
		if sum := sha256.Sum256(plain); err != nil || !bytes.Equal(sum[:], commitment) {
			t.Errorf("%s: whoever has the key cannot open the commitment: %v", category, err)
		}
		guess, err := json.Marshal(content(nil))
		if sum := sha256.Sum256(guess); err != nil || bytes.Equal(sum[:], commitment) {
			t.Errorf("%s: whoever guesses the content knows by the commitment that it is the one: %v", category, err)
		}
	}
	if err := ring.Destroy(t.Context(), []keyring.UnitRef{at}); err != nil {
		t.Fatal(err)
	}
	if _, err := ring.Unit(t.Context(), at); !errors.Is(err, keyring.ErrDestroyed) {
		t.Errorf("the salt can still be had: %v", err)
	}
}
