package bao_test

import (
	"bytes"
	"encoding/pem"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/libs/keyring"
	"gallra.se/libs/keyring/bao"
	"gallra.se/libs/keyring/bao/baotest"
	"gallra.se/libs/keyring/keystoretest"
)

// bench is a key server and what one service has of it.
type bench struct {
	*baotest.Server
	config bao.Config
}

func newBench(t testing.TB) *bench {
	t.Helper()
	b := &bench{Server: baotest.New(t)}
	b.config = configFor(t, b.URL, baotest.Token)
	return b
}

func configFor(t testing.TB, url, token string) bao.Config {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "token")
	must(t, os.WriteFile(file, []byte(token+"\n"), 0o600))
	return bao.Config{Service: "intake", TokenFile: file,
		Address: bao.Address{Server: url, Mount: baotest.Mount, Prefix: "gallra", Wrapped: []string{filepath.Join(dir, "one"), filepath.Join(dir, "two")}}}
}

func (b *bench) open(t testing.TB) *bao.Store { return open(t, b.config) }

func open(t testing.TB, c bao.Config) *bao.Store {
	t.Helper()
	store, err := bao.Open(c)
	must(t, err)
	return store
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var root = bytes.Repeat([]byte{7}, 32)

func TestAKeyServerIsAKeystore(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t testing.TB) keystoretest.Place { return place(t, newBench(t).config) })
}

// TestARealServer is the same against OpenBao or Vault with a transit engine at
// "transit": make openbao BAO_ADDR=http://127.0.0.1:8200 BAO_TOKEN=…
func TestARealServer(t *testing.T) {
	t.Parallel()
	address, token := os.Getenv("BAO_ADDR"), os.Getenv("BAO_TOKEN")
	if address == "" || token == "" {
		t.Skip("BAO_ADDR and BAO_TOKEN name no OpenBao or Vault server")
	}
	keystoretest.Run(t, func(t testing.TB) keystoretest.Place {
		config := configFor(t, address, token)
		config.Address.Prefix = "test-" + uuid.NewString() // a server that others use too
		return place(t, config)
	})
}

func place(t testing.TB, c bao.Config) keystoretest.Place {
	t.Helper()
	at := func(generation int64, suffix string) []string {
		var all []string
		for _, dir := range c.Address.Wrapped {
			all = append(all, filepath.Join(dir, "2.wrapped"+suffix))
		}
		return all
	}
	whole := func(t testing.TB, generation int64) { must(t, open(t, c).Put(t.Context(), generation, root)) }
	return keystoretest.Place{
		Open: func(t testing.TB) keyring.Keystore { return open(t, c) },
		Crashes: map[string]func(testing.TB, int64){
			"the key is made": func(t testing.TB, generation int64) {
				whole(t, generation)
				for _, path := range at(generation, "") {
					must(t, os.Remove(path))
				}
			},
			"the text lies half in one folder": func(t testing.TB, generation int64) {
				whole(t, generation)
				paths := at(generation, "")
				must(t, os.Rename(paths[0], paths[0]+".new"))
				must(t, os.Truncate(paths[0]+".new", 5))
				must(t, os.Remove(paths[1]))
			},
			"the text lies in one folder": func(t testing.TB, generation int64) {
				whole(t, generation)
				must(t, os.Remove(at(generation, "")[1]))
			},
			"a put that is whole": whole,
			"the key is deleted, the text is not": func(t testing.TB, generation int64) {
				whole(t, generation)
				kept, err := os.ReadFile(at(generation, "")[0])
				must(t, err)
				must(t, open(t, c).Destroy(t.Context(), generation))
				must(t, os.WriteFile(at(generation, "")[1], kept, 0o600))
			},
		},
	}
}

// What makes it worth its while: the text may be copied as one likes.
func TestNoCopyOfTheTextOpensOnceTheKeyIsDestroyed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	store := b.open(t)
	must(t, store.Put(t.Context(), 1, root))
	var kept [][]byte
	for _, dir := range b.config.Address.Wrapped {
		text, err := os.ReadFile(filepath.Join(dir, "1.wrapped"))
		must(t, err)
		if bytes.Contains(text, root[:8]) {
			t.Error("the root key lies there in the clear")
		}
		kept = append(kept, text)
	}
	restore := func() {
		for i, dir := range b.config.Address.Wrapped {
			must(t, os.WriteFile(filepath.Join(dir, "1.wrapped"), kept[i], 0o600))
		}
	}
	restore()
	if key, err := store.Get(t.Context(), 1); err != nil || !bytes.Equal(key, root) {
		t.Fatalf("a copy does not open while the key is there, so that nothing would be shown: %v", err)
	}
	must(t, store.Destroy(t.Context(), 1))
	restore()
	if _, err := b.open(t).Get(t.Context(), 1); !errors.Is(err, keyring.ErrNoKey) {
		t.Errorf("%v", err)
	}
	must(t, store.Put(t.Context(), 1, bytes.Repeat([]byte{8}, 32)))
	restore()
	if _, err := b.open(t).Get(t.Context(), 1); err == nil {
		t.Error("an old text opens under a new key of the same name")
	}
}

func TestOneFolderOfTextsIsEnough(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	must(t, b.open(t).Put(t.Context(), 1, root))
	for _, spoil := range []func(path string) error{os.Remove, func(path string) error { return os.WriteFile(path, []byte("vault:v1:AAAA"), 0o600) }} {
		must(t, spoil(filepath.Join(b.config.Address.Wrapped[0], "1.wrapped")))
		if key, err := b.open(t).Get(t.Context(), 1); err != nil || !bytes.Equal(key, root) {
			t.Errorf("%v", err)
		}
	}
}

func TestServicesPrefixesAndNamespacesAreApart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	must(t, b.open(t).Put(t.Context(), 1, root))
	others := map[string]func(*bao.Config){
		"service":   func(c *bao.Config) { c.Service = "case-linker" },
		"prefix":    func(c *bao.Config) { c.Address.Prefix = "gallra-intake" },
		"namespace": func(c *bao.Config) { c.Address.Namespace = "team/a" },
	}
	for name, change := range others {
		c := b.config
		c.Address.Wrapped = []string{t.TempDir()}
		change(&c)
		other := open(t, c)
		if held, err := other.Generations(t.Context()); err != nil || len(held) != 0 {
			t.Errorf("another %s sees %v, %v", name, held, err)
		}
		must(t, other.Put(t.Context(), 1, root))
		must(t, other.Destroy(t.Context(), 1))
	}
	if held, err := b.open(t).Generations(t.Context()); err != nil || !slices.Equal(held, []int64{1}) {
		t.Errorf("%v, %v", held, err)
	}
}

func TestAServerThatSaysDeletedAndHasNotIsNotBelieved(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	store := b.open(t)
	must(t, store.Put(t.Context(), 1, root))
	b.Set(baotest.Rules{Undelete: true})
	if err := store.Destroy(t.Context(), 1); err == nil {
		t.Fatal("it is said to be destroyed")
	}
	b.Set(baotest.Rules{})
	if held, err := store.Generations(t.Context()); err != nil || !slices.Equal(held, []int64{1}) {
		t.Errorf("it is forgotten before it is gone: %v, %v", held, err)
	}
	must(t, store.Destroy(t.Context(), 1))
}

func TestEachTroubleIsToldWithWhatToDoAndWithoutSecrets(t *testing.T) {
	t.Parallel()
	const secret = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
	echo := func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"errors":["` + r.Header.Get("X-Vault-Token") + " " + secret + `"]}`))
		return true
	}
	says := func(status int, text string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Location", "http://elsewhere.invalid/")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(text))
			return true
		}
	}
	for name, c := range map[string]struct {
		rules baotest.Rules
		away  bool
		says  string
	}{
		"sealed":                 {baotest.Rules{Sealed: true}, true, "unseal"},
		"a policy":               {baotest.Rules{Deny: func(string, string) bool { return true }}, false, "policy"},
		"an echo":                {baotest.Rules{Instead: echo}, false, "answers 400"},
		"elsewhere":              {baotest.Rules{Instead: says(307, "")}, false, "the active one"},
		"too many":               {baotest.Rules{Instead: says(429, "")}, true, "429"},
		"a fault":                {baotest.Rules{Instead: says(500, secret)}, true, "500"},
		"no JSON":                {baotest.Rules{Instead: says(200, "<html>"+secret)}, false, "transit"},
		"JSON of another kind":   {baotest.Rules{Instead: says(200, `{"data":{"keys":7}}`)}, false, "transit"},
		"an answer without end":  {baotest.Rules{Instead: says(200, strings.Repeat("x", 2<<20))}, false, "too long"},
		"an answer without data": {baotest.Rules{Instead: says(200, `{}`)}, false, "transit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			store := b.open(t)
			b.Set(c.rules)
			_, err := store.Generations(t.Context())
			if err == nil || errors.Is(err, bao.ErrAway) != c.away || !strings.Contains(err.Error(), c.says) {
				t.Errorf("list: %v", err)
			}
			err = store.Put(t.Context(), 1, root)
			if err == nil || strings.Contains(err.Error(), baotest.Token) || strings.Contains(err.Error(), secret) {
				t.Errorf("put: %v", err)
			}
		})
	}
}

func TestAWrongTokenIsToldAndReplacedWithoutARestart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	store := b.open(t)
	for _, wrong := range []string{"s.other", "", "two lines\nof it", strings.Repeat("x", 9<<10)} {
		must(t, os.WriteFile(b.config.TokenFile, []byte(wrong), 0o600))
		if err := store.Put(t.Context(), 1, root); err == nil || wrong != "" && strings.Contains(err.Error(), wrong) {
			t.Errorf("%v", err)
		}
	}
	must(t, os.Remove(b.config.TokenFile))
	if err := store.Put(t.Context(), 1, root); err == nil {
		t.Error("it is let in without a token")
	}
	must(t, os.WriteFile(b.config.TokenFile, []byte(baotest.Token), 0o600))
	must(t, store.Put(t.Context(), 1, root))
}

func TestAServerThatIsAwayIsNotAskedOverAndOver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	store := b.open(t)
	b.Set(baotest.Rules{Sealed: true})
	b.Asked()
	for range 20 {
		if _, err := store.Generations(t.Context()); !errors.Is(err, bao.ErrAway) {
			t.Fatal(err)
		}
	}
	if asked := len(b.Asked()); asked < 5 || asked > 7 { // one more whenever a pause is over
		t.Errorf("asked %d times", asked)
	}
}

func TestAServerThatNobodyAnswersForIsAway(t *testing.T) {
	t.Parallel()
	c := configFor(t, "http://127.0.0.1:1", "s.token")
	if _, err := open(t, c).Generations(t.Context()); !errors.Is(err, bao.ErrAway) || strings.Contains(err.Error(), "127.0.0.1:1/") {
		t.Errorf("%v", err)
	}
}

func TestTheServersCertificateIsVerified(t *testing.T) {
	t.Parallel()
	server, der := baotest.NewTLS(t)
	c := configFor(t, server.URL, baotest.Token)
	if _, err := open(t, c).Generations(t.Context()); !errors.Is(err, bao.ErrAway) {
		t.Errorf("any certificate will do: %v", err)
	}
	c.CAFile = filepath.Join(t.TempDir(), "ca.pem")
	must(t, os.WriteFile(c.CAFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, open(t, c).Put(t.Context(), 1, root))
	must(t, os.WriteFile(c.CAFile, []byte("no certificate"), 0o600))
	if _, err := bao.Open(c); err == nil {
		t.Error("a CA without a certificate is taken")
	}
}

// The keys must not be such that the server gives them away.
func TestKeysAreAskedForClosed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var bodies []string
	b.Set(baotest.Rules{Instead: func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "/keys/") {
			text := new(bytes.Buffer)
			_, _ = text.ReadFrom(r.Body)
			bodies = append(bodies, text.String())
			r.Body = http.NoBody
		}
		return false
	}})
	_ = b.open(t).Put(t.Context(), 1, root)
	if len(bodies) == 0 || bodies[0] != `{"allow_plaintext_backup":false,"exportable":false,"type":"aes256-gcm96"}` {
		t.Errorf("%q", bodies)
	}
}

// FuzzAnswers lets a server answer what it likes: it is never believed to hold a key that
// it does not give, and no token is repeated.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{`{"data":{"plaintext":"BwcH"}}`, `{"data":{"keys":["gallra-intake-1","gallra-intake-99999999999999999999"]}}`, `{"data":{"keys":{"1":-1}}}`,
		`{"data":null}`, `[]`, ``, `{"errors":["` + baotest.Token + `"]}`} {
		for _, status := range []int{200, 204, 400, 404, 503} {
			f.Add(status, []byte(seed))
		}
	}
	b := newBench(f)
	if err := b.open(f).Put(f.Context(), 1, root); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		b.Set(baotest.Rules{Instead: func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(200 + max(0, status)%400)
			_, _ = w.Write(body)
			return true
		}})
		store := b.open(t)
		key, got := store.Get(t.Context(), 1)
		held, listed := store.Generations(t.Context())
		_, made := store.MadeAt(t.Context(), 1)
		put := store.Put(t.Context(), 1, root)
		if got == nil && !bytes.Contains(body, []byte("plaintext")) || len(key) > 0 && got != nil {
			t.Errorf("it opens %x, %v", key, got)
		}
		if listed == nil && slices.ContainsFunc(held, func(n int64) bool { return n < 1 }) {
			t.Errorf("it lists %v", held)
		}
		if put == nil && !bytes.Equal(key, root) {
			t.Error("it takes for kept what the server does not give back")
		}
		for _, err := range []error{got, listed, made, put} {
			if err != nil && strings.Contains(err.Error(), baotest.Token) {
				t.Error(err)
			}
		}
	})
}
