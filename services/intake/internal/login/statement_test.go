package login

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gallra.se/libs/problem"
)

var now = time.Date(2024, 5, 10, 10, 0, 0, 0, time.UTC)

const issuer = "https://eid.example"

func keys(t testing.TB) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return public, private
}

func stated(change func(*claims)) claims {
	c := claims{Nonce: "n-1", Name: "Disa Kanariefem", NationalID: "197602102381", RegisteredClaims: jwt.RegisteredClaims{
		Issuer: issuer, Audience: jwt.ClaimStrings{"arbetsformedlingen"}, ID: "s-1",
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(5 * time.Minute))}}
	change(&c)
	return c
}

func signed(t testing.TB, method jwt.SigningMethod, key any, c claims) string {
	t.Helper()
	text, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var expected = Expected{Authority: "arbetsformedlingen", Country: "SE", Nonce: "n-1", OnlyTests: true}

// AFC-16, AFG-27
func TestAStatementIsAcceptedOnlyIfItIsGenuineMeantForThisLoginAndValid(t *testing.T) {
	t.Parallel()
	public, private := keys(t)
	_, stranger := keys(t)
	v := NewVerifier(map[string]ed25519.PublicKey{issuer: public}, func() time.Time { return now })
	good := signed(t, jwt.SigningMethodEdDSA, private, stated(func(*claims) {}))
	if s, err := v.Verify(good, expected); err != nil || s.ID == "" || !s.Until.Equal(now.Add(6*time.Minute)) {
		t.Fatalf("%+v %v", s, err)
	}
	with := func(change func(*claims)) string { return signed(t, jwt.SigningMethodEdDSA, private, stated(change)) }
	for what, c := range map[string]struct {
		token string
		want  error
	}{
		"signed by another":  {signed(t, jwt.SigningMethodEdDSA, stranger, stated(func(*claims) {})), ErrForged},
		"expired and forged": {signed(t, jwt.SigningMethodEdDSA, stranger, stated(func(c *claims) { c.ExpiresAt = jwt.NewNumericDate(now.Add(-time.Hour)) })), ErrForged},
		"not signed":         {signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, stated(func(*claims) {})), ErrForged},
		"a shared secret":    {signed(t, jwt.SigningMethodHS256, []byte(public), stated(func(*claims) {})), ErrForged},
		"changed":            {good[:len(good)-4] + "AAAA", ErrForged},
		"no token":           {"x", ErrForged},
		"empty":              {"", ErrForged},
		"expired":            {with(func(c *claims) { c.ExpiresAt = jwt.NewNumericDate(now.Add(-2 * time.Minute)) }), ErrExpired},
		"without an end":     {with(func(c *claims) { c.ExpiresAt = nil }), ErrForged},
		"valid for a day":    {with(func(c *claims) { c.ExpiresAt = jwt.NewNumericDate(now.Add(24 * time.Hour)) }), ErrForged},
		"issued tomorrow":    {with(func(c *claims) { c.IssuedAt = jwt.NewNumericDate(now.Add(24 * time.Hour)) }), ErrForged},
		"issued never":       {with(func(c *claims) { c.IssuedAt = nil }), ErrForged},
		"another authority":  {with(func(c *claims) { c.Audience = jwt.ClaimStrings{"te-services"} }), ErrForged},
		"another issuer":     {with(func(c *claims) { c.Issuer = "https://other.example" }), ErrForged},
		"another nonce":      {with(func(c *claims) { c.Nonce = "n-2" }), ErrForged},
		"without a nonce":    {with(func(c *claims) { c.Nonce = "" }), ErrForged},
		"without an id":      {with(func(c *claims) { c.ID = "" }), ErrForged},
		"without a name":     {with(func(c *claims) { c.Name = "" }), ErrNobody},
		"a wrong number":     {with(func(c *claims) { c.NationalID = "197602102382" }), ErrNobody},
		"somebody's number":  {with(func(c *claims) { c.NationalID = "197602102373" }), ErrNobody},
		"a Finnish code":     {with(func(c *claims) { c.NationalID = "070503A9886" }), ErrNobody},
	} {
		if _, err := v.Verify(c.token, expected); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	nobody := expected
	nobody.Nonce = ""
	if _, err := v.Verify(with(func(c *claims) { c.Nonce = "" }), nobody); err == nil {
		t.Error("a statement without a nonce is accepted where none was asked for")
	}
	if NewVerifier(nil, func() time.Time { return now }).Ready() {
		t.Error("ready without an issuer")
	}
}

func TestTwoStatementsOfDifferentIssuersAreNeverTheSame(t *testing.T) {
	t.Parallel()
	public, private := keys(t)
	v := NewVerifier(map[string]ed25519.PublicKey{"a": public, `a" "b`: public}, func() time.Time { return now })
	seen := map[string]bool{}
	for _, one := range [][2]string{{"a", `b" "c`}, {`a" "b`, "c"}} {
		s, err := v.Verify(signed(t, jwt.SigningMethodEdDSA, private, stated(func(c *claims) { c.Issuer, c.ID = one[0], one[1] })), expected)
		if err != nil || seen[s.ID] {
			t.Errorf("%q: %v", one, err)
		}
		seen[s.ID] = true
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"id":"l1","at":"2024-05-10T10:00:00Z","identity":{"token":"a.b.c","nonce":"n"}}`))
	public, _ := keys(f)
	v := NewVerifier(map[string]ed25519.PublicKey{issuer: public}, func() time.Time { return now })
	f.Fuzz(func(t *testing.T, body []byte) {
		g, err := Read(body)
		if err != nil {
			if !problem.Refused(err) {
				t.Fatal(err)
			}
			return
		}
		if _, err := v.Verify(g.Identity.Token, expected); err == nil {
			t.Fatal("a statement that nobody signed is accepted")
		}
	})
}

func TestALoginIsReadStrictly(t *testing.T) {
	t.Parallel()
	const whole = `{"id":"l1","at":"2024-05-10T10:00:00Z","identity":{"token":"a.b.c","nonce":"n"}}`
	for old, change := range map[string]string{
		`"id":"l1",`:                    `|missing-field (id)`,
		`"l1"`:                          `""|missing-field (id)`,
		`"a.b.c"`:                       `"` + strings.Repeat("x", longestToken+1) + `"|too-large (token)`,
		`"nonce":"n"`:                   `"nonce":"\u0000"|invalid-text (nonce)`,
		`,"nonce":"n"`:                  `|missing-field (nonce)`,
		`"token":`:                      `"name":"Disa","token":|unknown-field (name)`,
		`{"token":"a.b.c","nonce":"n"}`: `"x"|invalid-field (identity)`,
		`:"l1"`:                         `:l1|not-json`,
	} {
		new, want, _ := strings.Cut(change, "|")
		if _, err := Read([]byte(strings.Replace(whole, old, new, 1))); err == nil || problem.From(err).Error() != want {
			t.Errorf("%s: %v, want %s", new, err, want)
		}
	}
}
