package key_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"gallra.se/services/ledger/internal/key"
)

const name = "gallra.se/ledger"

func TestAKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys", "ledger.key")
	first, err := key.LoadOrMake(file, name)
	if err != nil {
		t.Fatal(err)
	}
	again, err := key.LoadOrMake(file, name)
	if err != nil || again.Public != first.Public {
		t.Fatalf("%v: %s and %s", err, first.Public, again.Public)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", err, info.Mode())
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
}

func TestThePublicKeyVerifiesWhatTheKeySigns(t *testing.T) {
	t.Parallel()
	for range 40 { // base64 of some keys holds a plus
		k, err := key.LoadOrMake(filepath.Join(t.TempDir(), "k"), name)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := note.Sign(&note.Note{Text: "a line\n"}, k)
		if err != nil {
			t.Fatal(err)
		}
		verifier, err := note.NewVerifier(k.Public)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := note.Open(signed, note.VerifierList(verifier)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestInstancesThatStartTogetherShareOneKey(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ledger.key")
	var public [8]string
	var wg sync.WaitGroup
	for i := range public {
		wg.Go(func() {
			k, err := key.LoadOrMake(file, name)
			if err != nil {
				t.Error(err)
			}
			public[i] = k.Public
		})
	}
	wg.Wait()
	for _, p := range public {
		if p == "" || p != public[0] {
			t.Fatal(public)
		}
	}
}

func TestAFaultyFileIsRefusedAndNotQuoted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ledger.key")
	if err := os.WriteFile(file, []byte("PRIVATE+KEY+secret-words"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := key.LoadOrMake(file, name); err == nil || strings.Contains(err.Error(), "secret-words") {
		t.Fatal(err)
	}
}
