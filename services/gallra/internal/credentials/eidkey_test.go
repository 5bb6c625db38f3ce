package credentials

import (
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheDevelopmentIssuersKeyIsMadeOnceAndItsPublicHalfIsReadByName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := Private(dir, filepath.Join(dir, "conf"))
	first, err := f.EnsureEIDKey()
	if err != nil {
		t.Fatal(err)
	}
	if second, err := f.EnsureEIDKey(); err != nil || !second.Equal(first) {
		t.Errorf("the key is another one: %v", err)
	}
	issuers, err := ReadIssuers(map[string]string{"one": f.EIDPublicKey()})
	if err != nil || !issuers["one"].Equal(first.Public().(ed25519.PublicKey)) {
		t.Errorf("%v %v", issuers, err)
	}
	if info, err := os.Stat(f.EIDKey()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	for _, wrong := range []string{filepath.Join(dir, "nothing"), f.EIDKey()} {
		if _, err := ReadIssuers(map[string]string{"one": wrong}); err == nil || !strings.Contains(err.Error(), "issuer one") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
