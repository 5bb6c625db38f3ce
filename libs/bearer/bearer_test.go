package bearer_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
)

var olle = bearer.Claims{Authority: "arbetsformedlingen", Name: "olle", Roles: []string{"case-officer"}}

func TestABearerOfAValidTokenIsKnownToTheHandler(t *testing.T) {
	t.Parallel()
	pub, key := keys(t)
	code, seen := call(bearer.NewVerifier(pub), sign(t, key, clock.PaceNow()))
	if diff := cmp.Diff(olle, seen); code != 200 || diff != "" {
		t.Errorf("%d %s", code, diff)
	}
}

func TestEveryKeyOfAVerifierIsGoodAndNoOther(t *testing.T) {
	t.Parallel()
	operators, first := keys(t)
	consoles, second := keys(t)
	_, third := keys(t)
	for name, row := range map[string]struct {
		by   *bearer.Verifier
		key  ed25519.PrivateKey
		want int
	}{
		"the first key":   {bearer.NewVerifier(operators, consoles), first, 200},
		"the second key":  {bearer.NewVerifier(operators, consoles), second, 200},
		"a third key":     {bearer.NewVerifier(operators, consoles), third, 401},
		"a key not given": {bearer.NewVerifier(operators), second, 401},
		"no key at all":   {bearer.NewVerifier(), first, 401},
	} {
		if code, _ := call(row.by, sign(t, row.key, clock.PaceNow())); code != row.want {
			t.Errorf("%s: %d", name, code)
		}
	}
}

func TestNobodyElseGetsThrough(t *testing.T) {
	t.Parallel()
	pub, key := keys(t)
	_, other := keys(t)
	unsigned, err := jwt.New(jwt.SigningMethodNone).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	now := clock.PaceNow()
	for name, token := range map[string]string{
		"no token":          "",
		"another key":       sign(t, other, now),
		"expired yesterday": sign(t, key, now.AddDate(0, 0, -1)),
		"valid tomorrow":    sign(t, key, now.AddDate(0, 0, 1)),
		"no signature":      unsigned,
	} {
		if code, _ := call(bearer.NewVerifier(pub), token); code != 401 {
			t.Errorf("%s: %d", name, code)
		}
	}
}

func TestATokenForSomeCallsIsGoodForThoseAlone(t *testing.T) {
	t.Parallel()
	pub, key := keys(t)
	claims := bearer.Claims{Authority: "arbetsformedlingen", Name: "kund", Roles: []string{"channel"}, Only: []string{"POST /v1/contacts"}}
	token, err := bearer.Sign(key, claims, clock.PaceNow(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	routes := bearer.NewVerifier(pub).Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for range 2 { // the second time it is known
		for call, want := range map[[2]string]int{
			{"POST", "/v1/contacts"}: 200, {"GET", "/v1/contacts"}: 403, {"POST", "/v1/contacts/x/note"}: 403,
			{"POST", "/v1/holds"}: 403, {"POST", "/v1/contacts/"}: 403, {"GET", "/v1/contacts/x"}: 403,
		} {
			r := httptest.NewRequest(call[0], call[1], nil)
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			routes.ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%v: %d, want %d", call, w.Code, want)
			}
		}
	}
}

func keys(t *testing.T) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return pub, key
}

func sign(t *testing.T, key ed25519.PrivateKey, now time.Time) string {
	t.Helper()
	token, err := bearer.Sign(key, olle, now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func call(v *bearer.Verifier, token string) (int, bearer.Claims) {
	var seen bearer.Claims
	r := httptest.NewRequest(http.MethodGet, "/v1/x", nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	v.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen, _ = bearer.From(r.Context()) })).ServeHTTP(w, r)
	return w.Code, seen
}
