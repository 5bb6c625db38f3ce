package vault_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/vault"
)

// D11. What the receipt of a destroyed record shows could be computed by whoever had its key, and says nothing without: the salt
// lay under that key and nowhere else.
func TestACommitmentIsOpenedByTheRecordsKeyAndSaysNothingOnceThatIsGone(t *testing.T) {
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
	ref := keyring.UnitRef{Authority: "arbetsformedlingen", ID: uuid.New()}
	unit, err := ring.NewUnit(t.Context(), ref, keyring.ByDay("contact.chat", "2024-01-31"))
	if err != nil {
		t.Fatal(err)
	}
	id, record := uuid.New(), contact.Record{Channel: "chat"}
	box, commitment, err := vault.Put(unit, id, "contact.chat", record)
	if err != nil {
		t.Fatal(err)
	}
	_, again, err := vault.Put(unit, id, "contact.chat", record)
	if err != nil || bytes.Equal(again, commitment) {
		t.Errorf("the same record has one commitment for all: %v", err)
	}

	aad := keyring.AAD{Authority: ref.Authority, Record: id, Category: "contact.chat"}
	plain, err := unit.Open(aad, box)
	if err != nil {
		t.Fatal(err)
	}
	var inside struct {
		Salt   []byte
		Record json.RawMessage
	}
	if err := json.Unmarshal(plain, &inside); err != nil {
		t.Fatal(err)
	}
	if len(inside.Salt) != 32 || !bytes.Equal(vault.Commit(inside.Salt, inside.Record), commitment) {
		t.Error("whoever has the key cannot open the commitment")
	}
	guess, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	canonical := jsontext.Value(guess)
	if err := canonical.Canonicalize(); err != nil || !bytes.Equal(canonical, inside.Record) {
		t.Fatalf("the guess is not the record: %v", err)
	}
	for _, salt := range [][]byte{nil, make([]byte, 32), commitment} {
		if bytes.Equal(vault.Commit(salt, canonical), commitment) {
			t.Error("whoever guesses the record knows by the commitment that it is the one")
		}
	}

	if err := ring.Destroy(t.Context(), []keyring.UnitRef{ref}); err != nil {
		t.Fatal(err)
	}
	if _, err := ring.Unit(t.Context(), ref); !errors.Is(err, keyring.ErrDestroyed) {
		t.Errorf("the salt can still be had: %v", err)
	}
}
