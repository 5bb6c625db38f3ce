package devlogin

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"gallra.se/libs/clock"
)

// Path under which the provider is mounted; its issuer is the system's address with it.
const Path = "/dev-login"

// ClientID is the console's, which has no secret here.
const ClientID = "gallra-console"

const keyID = "1"

// Provider is one, with a key of its own for as long as it lives.
type Provider struct {
	issuer   string
	callback string
	personas []Persona
	key      ed25519.PrivateKey

	mu    sync.Mutex
	codes map[string]code
}

// code is what was asked for when a persona was picked.
type code struct {
	persona   Persona
	nonce     string
	challenge string // PKCE, S256
	until     time.Time
}

// New makes the provider of a system at an address; callback is the only one that it sends browsers back to.
func New(address, callback string, personas []Persona) (*Provider, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key to sign ID tokens: %w", err)
	}
	return &Provider{issuer: address + Path, callback: callback, personas: personas, key: key, codes: map[string]code{}}, nil
}

// Issuer is the provider's name in its tokens, and the address under which it is found.
func (p *Provider) Issuer() string { return p.issuer }

// Handler answers under Path.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path+"/.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET "+Path+"/keys", p.keys)
	mux.HandleFunc("GET "+Path+"/authorize", p.ask)
	mux.HandleFunc("POST "+Path+"/authorize", p.pick)
	mux.HandleFunc("POST "+Path+"/token", p.token)
	return http.NewCrossOriginProtection().Handler(mux)
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer": p.issuer, "authorization_endpoint": p.issuer + "/authorize", "token_endpoint": p.issuer + "/token", "jwks_uri": p.issuer + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "scopes_supported": []string{"openid", "profile"},
		"id_token_signing_alg_values_supported": []string{"EdDSA"}, "token_endpoint_auth_methods_supported": []string{"none"},
		"code_challenge_methods_supported": []string{"S256"},
	})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	public := p.key.Public().(ed25519.PublicKey)
	answer(w, http.StatusOK, map[string]any{"keys": []map[string]string{{
		"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": keyID, "x": base64.RawURLEncoding.EncodeToString(public),
	}}})
}

// wrong says what is amiss with a request for a login; empty where nothing is.
func (p *Provider) wrong(q url.Values) string {
	switch {
	case q.Get("client_id") != ClientID:
		return "client_id is not " + ClientID
	case q.Get("redirect_uri") != p.callback:
		return "redirect_uri is not the console's: open the console by the address that `gallra up` prints"
	case q.Get("response_type") != "code":
		return "response_type is not code"
	case q.Get("state") == "" || q.Get("nonce") == "":
		return "state or nonce is missing"
	case q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256":
		return "there is no code_challenge of S256"
	}
	return ""
}

// pick answers the picker: back to the console with a code for the persona, or with the refusal that the officer chose.
func (p *Provider) pick(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	if wrong := p.wrong(r.PostForm); wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {r.PostForm.Get("state")}}
	i := slices.IndexFunc(p.personas, func(one Persona) bool { return one.Account == r.PostForm.Get("persona") })
	if i < 0 {
		back.Set("error", "access_denied")
	} else {
		back.Set("code", p.remember(code{p.personas[i], r.PostForm.Get("nonce"), r.PostForm.Get("code_challenge"), clock.PaceNow().Add(time.Minute)}))
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, p.callback+"?"+back.Encode(), http.StatusSeeOther)
}

func (p *Provider) remember(c code) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := clock.PaceNow()
	for name, old := range p.codes {
		if now.After(old.until) {
			delete(p.codes, name)
		}
	}
	name := rand.Text()
	p.codes[name] = c
	return name
}

// taken is what a code stands for; a second time it stands for nothing.
func (p *Provider) taken(name string) (code, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, found := p.codes[name]
	delete(p.codes, name)
	return c, found && clock.PaceNow().Before(c.until)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
