package doctor

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gallra.se/libs/keyring"
	"gallra.se/libs/keyring/bao/baotest"
	"gallra.se/services/gallra/internal/assembly"
)

func TestAKeystoreThatOthersCanReadIsFound(t *testing.T) {
	t.Parallel()
	p := Place{Dir: t.TempDir()}
	files, err := keyring.FileStore(layout(p).Keystore("intake"))
	if err == nil {
		err = files.Put(t.Context(), 1, make([]byte, 32))
	}
	if err != nil {
		t.Fatal(err)
	}
	if f := keystore(t.Context(), p); f.Grade == Fail {
		t.Errorf("%+v", f)
	}
	if err := os.Chmod(filepath.Join(layout(p).Keystore("intake"), "1.root"), 0o640); err != nil {
		t.Fatal(err)
	}
	if f := keystore(t.Context(), p); f.Grade != Fail || !strings.Contains(f.Said, "1.root") || !strings.Contains(f.Do, "chmod") {
		t.Errorf("%+v", f)
	}
}

// DESIGN D6
func TestAKeystoreOnTheVolumeOfTheDataHasNoPlaceInProduction(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		p    Place
		want Grade
	}{
		{Place{Dir: dir}, Warn},
		{Place{Dir: dir, Production: true}, Fail},
		{Place{Dir: dir, Production: true, Keystore: assembly.Keystore{At: filepath.Join(dir, "apart")}}, Fail},
		{Place{Dir: dir, Production: true, Keystore: assembly.Keystore{At: "/proc/keys-of-gallra"}}, Warn}, // another volume on every machine
	} {
		if f := keystore(t.Context(), c.p); f.Grade != c.want || f.Do == "" {
			t.Errorf("%+v: %+v", c.p, f)
		}
		if err := c.p.Keystore.Allowed(layout(c.p).Postgres()); err == nil || !strings.Contains(err.Error(), "--key-copy") {
			t.Errorf("%+v is allowed without a copy: %v", c.p, err)
		}
		k := c.p.Keystore
		k.CopyDir = dir
		if k.At == "" {
			k.At = layout(c.p).Keystore("any")
		}
		if err := k.Allowed(layout(c.p).Postgres()); (err == nil) != (c.want == Warn && c.p.Production) {
			t.Errorf("%+v: %v", c.p, err)
		}
	}
}

func TestASecondMediumThatIsNoneIsFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for copied, want := range map[string]map[bool]Grade{
		"":                           {false: Warn, true: Fail},
		filepath.Join(dir, "copies"): {false: Warn, true: Warn},
		file:                         {false: Fail, true: Fail},
		"/proc/copies-of-gallra":     {false: Good, true: Good},
	} {
		for production, grade := range want {
			f := keyCopy(Place{Dir: dir, Production: production, Keystore: assembly.Keystore{CopyDir: copied}})
			if f.Grade != grade || f.Grade != Good && f.Do == "" {
				t.Errorf("%q: %+v", copied, f)
			}
		}
	}
}

func TestAKeyServerIsAsked(t *testing.T) {
	t.Parallel()
	server, der := baotest.NewTLS(t)
	dir := t.TempDir()
	token, ca := filepath.Join(dir, "token"), filepath.Join(dir, "ca.pem")
	for path, text := range map[string][]byte{token: []byte(baotest.Token), ca: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := Place{Dir: dir, Production: true, Keystore: assembly.Keystore{At: server.URL + "/" + baotest.Mount, Token: token, CA: ca}}
	if f := keystore(t.Context(), p); f.Grade != Good || !strings.Contains(f.Said, "0 root keys") {
		t.Errorf("%+v", f)
	}
	if _, err := os.Stat(layout(p).Keys()); err == nil {
		t.Error("looking has made a directory")
	}
	server.Set(baotest.Rules{Sealed: true})
	if f := keystore(t.Context(), p); f.Grade != Fail || !strings.Contains(f.Said, "sealed") || strings.Contains(f.Said, baotest.Token) {
		t.Errorf("sealed: %+v", f)
	}
	server.Set(baotest.Rules{})
	open := baotest.New(t)
	p.Keystore.At = open.URL + "/" + baotest.Mount
	for production, grade := range map[bool]Grade{true: Fail, false: Warn} {
		p.Production = production
		if f := keystore(t.Context(), p); f.Grade != grade {
			t.Errorf("in the clear: %+v", f)
		}
	}
	p.Keystore.Token = ""
	if f := keystore(t.Context(), p); f.Grade != Fail {
		t.Errorf("without a token: %+v", f)
	}
}
