package assembly

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gallra.se/libs/keyring/bao/baotest"
	"gallra.se/libs/pg/pgtest"
)

func TestEachServiceHasAPartOfTheKeystoreOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ shared, want Keystore }{
		{Keystore{}, Keystore{At: "/data/intake"}},
		{Keystore{At: "/keys", CopyDir: "/second"}, Keystore{At: "/keys/intake", CopyDir: "/second/intake"}},
		{Keystore{At: "https://bao.example:8200/transit", Token: "t", CA: "c"},
			Keystore{At: "https://bao.example:8200/transit?prefix=gallra&wrapped=%2Fdata%2Fintake", Token: "t", CA: "c"}},
		{Keystore{At: "https://bao.example:8200/transit?prefix=af&wrapped=/a&wrapped=/b"},
			Keystore{At: "https://bao.example:8200/transit?prefix=af&wrapped=%2Fa%2Fintake&wrapped=%2Fb%2Fintake"}},
	} {
		if got, err := c.shared.Of("intake", "/data/intake"); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v: %+v, %v", c.shared, got, err)
		}
	}
	if _, err := (Keystore{At: "https://bao.example:8200/"}).Of("intake", "/x"); err == nil {
		t.Error("an address without a mount is taken")
	}
}

func atKeyServer(t *testing.T) (Config, *baotest.Server) {
	t.Helper()
	server := baotest.New(t)
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte(baotest.Token), 0o600); err != nil {
		t.Fatal(err)
	}
	return Config{Service: "intake", Database: pgtest.New(t), KeyDatabase: pgtest.New(t), Log: slog.New(slog.DiscardHandler),
		Keystore: Keystore{At: server.URL + "/" + baotest.Mount + "?wrapped=" + filepath.Join(dir, "wrapped"), Token: token, CopyDir: filepath.Join(dir, "copy")}}, server
}

func TestAServiceWaitsForItsKeyServer(t *testing.T) {
	t.Parallel()
	c, server := atKeyServer(t)
	server.Set(baotest.Rules{Sealed: true})
	p := &parts{Config: c}
	defer p.Close()
	tried := 0
	err := Await(t.Context(), c.Log, "key database", keysMayCome, func(ctx context.Context) error {
		if tried++; tried == 2 {
			server.Set(baotest.Rules{})
		}
		return p.openKeys(ctx)
	})
	if err != nil || p.Keys == nil || tried < 2 {
		t.Errorf("%v after %d attempts", err, tried)
	}
	server.Set(baotest.Rules{Deny: func(string, string) bool { return true }})
	refused := &parts{Config: c}
	defer refused.Close()
	if err := Await(t.Context(), c.Log, "key database", keysMayCome, refused.openKeys); err == nil || !strings.Contains(err.Error(), "policy") {
		t.Errorf("it waits for what does not come by itself: %v", err)
	}
}

func TestAWipeEmptiesAKeyServerAndTheCopyToo(t *testing.T) {
	t.Parallel()
	c, server := atKeyServer(t)
	p := &parts{Config: c}
	if err := p.openKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.Keys.Rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Close()
	if names := server.Names(); !slices.Equal(names, []string{"|gallra-intake-2"}) {
		t.Fatalf("the key server holds %v", names)
	}
	l := &lives{config: c}
	if err := l.wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if names := server.Names(); len(names) > 0 || marked(c) {
		t.Errorf("after a wipe the key server holds %v", names)
	}
	if left, err := os.ReadDir(c.Keystore.CopyDir); err != nil || len(left) > 0 {
		t.Errorf("after a wipe the second medium holds %v, %v", left, err)
	}
	again := &parts{Config: c}
	defer again.Close()
	if err := again.openKeys(t.Context()); err != nil {
		t.Errorf("after a wipe it does not begin anew: %v", err)
	}
}
