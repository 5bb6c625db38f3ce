package client

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gallra.se/libs/bearer"
)

// keyFile is a signing key as a system keeps it, and what verifies its tokens.
func keyFile(t *testing.T) (path string, verifier *bearer.Verifier) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "tokens.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, bearer.NewVerifier(public)
}

// whoami answers who the caller is: authority, name and roles.
var whoami = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	caller, _ := bearer.From(r.Context())
	_, _ = io.WriteString(w, caller.Authority+" "+caller.Name+" "+strings.Join(caller.Roles, ","))
})

func said(t *testing.T, c *Client, authority string) string {
	t.Helper()
	answer, err := c.Do(t.Context(), Call{Authority: authority, Method: http.MethodGet, Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	return string(answer.Body)
}

func TestACallBearsATokenOfItsAuthority(t *testing.T) {
	t.Parallel()
	key, verifier := keyFile(t)
	server := httptest.NewServer(verifier.Middleware(whoami))
	defer server.Close()
	c, err := Found{URL: server.URL, TokenKey: key}.Client()
	if err != nil {
		t.Fatal(err)
	}
	for authority, want := range map[string]string{
		"arbetsformedlingen":  "arbetsformedlingen operator operator,case-officer,records-manager",
		"te-customer-service": "te-customer-service operator operator,case-officer,records-manager",
		"":                    "arbetsformedlingen operator operator,case-officer,records-manager",
		"nobody":              "arbetsformedlingen operator operator,case-officer,records-manager",
	} {
		if got := said(t, c, authority); got != want {
			t.Errorf("for %q the caller is %q, want %q", authority, got, want)
		}
	}
	olle, err := Found{URL: server.URL, TokenKey: key}.As(bearer.Claims{Authority: "te-customer-service", Name: "olle", Roles: []string{"dpo"}}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if got := said(t, olle, "arbetsformedlingen"); got != "te-customer-service olle dpo" {
		t.Errorf("as somebody else the caller is %q", got)
	}
	if got := said(t, With(server.URL), "arbetsformedlingen"); !strings.Contains(got, "unauthorized") {
		t.Errorf("without a key the answer is %q", got)
	}
}

func TestATokenThatAgesIsSignedAnew(t *testing.T) {
	t.Parallel()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := newOperator(key)
	first, err := o.token("arbetsformedlingen")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := o.token("arbetsformedlingen"); err != nil || again != first {
		t.Errorf("a fresh token is signed again: %v", err)
	}
	aged := o.signed["arbetsformedlingen"]
	aged.at = aged.at.Add(-tokenRenew - 2*time.Second)
	aged.token = "aged"
	o.signed["arbetsformedlingen"] = aged
	if again, err := o.token("arbetsformedlingen"); err != nil || again == "aged" {
		t.Errorf("an aged token is used: %v", err)
	}
}

func TestATokenFromTheEnvironmentWins(t *testing.T) {
	key, verifier := keyFile(t)
	server := httptest.NewServer(verifier.Middleware(whoami))
	defer server.Close()
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	if _, err := (Found{URL: server.URL, TokenKey: key}).Leave(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GALLRA_TOKEN", "of somebody")
	c, err := New(server.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := said(t, c, "arbetsformedlingen"); !strings.Contains(got, "unauthorized") {
		t.Errorf("the found key was used: %q", got)
	}
	t.Setenv("GALLRA_TOKEN", "")
	if c, err = New(server.URL, ""); err != nil {
		t.Fatal(err)
	}
	if got := said(t, c, "arbetsformedlingen"); !strings.HasPrefix(got, "arbetsformedlingen operator") {
		t.Errorf("the found key was not used: %q", got)
	}
}

func TestOnlyASystemThatTheCAVouchesForIsSpokenTo(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	server := httptest.NewTLSServer(whoami)
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, text, 0o600); err != nil {
		t.Fatal(err)
	}
	trusting, err := New(server.URL, ca)
	if err != nil {
		t.Fatal(err)
	}
	said(t, trusting, "")
	stranger, err := New(server.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.Do(t.Context(), Call{Method: http.MethodGet, Path: "/"}); err == nil {
		t.Error("a certificate that nobody vouches for is taken")
	}
	if _, err := New(server.URL, os.DevNull); err == nil || !strings.Contains(err.Error(), "holds no certificate") {
		t.Errorf("an empty CA: %v", err)
	}
}
