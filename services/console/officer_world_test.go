package console_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gallra.se/libs/bearer"
	"gallra.se/libs/bus/bustest"
	"gallra.se/libs/clock"
	"gallra.se/libs/logs"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/serve"

	"gallra.se/services/console"
)

const clientID, clientSecret = "gallra", "s3cret"

// provider is an ordinary OpenID provider, whose tokens a test may spoil.
type provider struct {
	*httptest.Server
	key ed25519.PrivateKey

	mu     sync.Mutex
	claims map[string]any                          // of who logs in next
	spoil  func(claims jwt.MapClaims, p *provider) // nil: nothing is wrong
	codes  map[string]url.Values                   // what each was asked for with
}

func openProvider(t *testing.T) *provider {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key, codes: map[string]url.Values{}, claims: maps.Clone(karin)}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.say(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"EdDSA"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		p.say(w, map[string]any{"keys": []any{map[string]string{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "1",
			"x": base64.RawURLEncoding.EncodeToString(p.key.Public().(ed25519.PublicKey))}}})
	})
	mux.HandleFunc("/authorize", p.authorize)
	mux.HandleFunc("/token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

// authorize lets everybody in at once.
func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	q, code := r.URL.Query(), rand.Text()
	p.codes[code] = q
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	user, password, _ := r.BasicAuth()
	q, known := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || user != clientID || password != clientSecret || base64.RawURLEncoding.EncodeToString(sum[:]) != q.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"invalid_grant"}`)
		return
	}
	now := clock.PaceNow()
	claims := jwt.MapClaims{"iss": p.URL, "aud": clientID, "sub": "1", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "nonce": q.Get("nonce")}
	maps.Copy(claims, p.claims)
	if p.spoil != nil {
		p.spoil(claims, p)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	t.Header["kid"] = "1"
	key := p.key
	if claims["by"] == "another" {
		_, key, _ = ed25519.GenerateKey(rand.Reader)
	}
	signed, _ := t.SignedString(key)
	if claims["by"] == "nobody" {
		signed, _ = jwt.NewWithClaims(jwt.SigningMethodNone, claims).SignedString(jwt.UnsafeAllowNoneSignatureType)
	}
	p.say(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": signed})
}

func (p *provider) say(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *provider) is(claims map[string]any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.claims = claims
}

// Officers of a test.
var (
	karin = map[string]any{"preferred_username": "karin", "name": "Karin Ek", "family_name": "Ek", "address": map[string]string{"street_address": "Provgatan 1"},
		"gallra_authority": "arbetsformedlingen", "gallra_roles": []string{"case-officer"}, "gallra_undertaking": "2099-12-31", "gallra_trained": true}
	appointed = with(karin, map[string]any{"preferred_username": "per", "gallra_roles": []string{"protected-officer", "case-officer"}, "gallra_appointed": true})
	eva       = with(karin, map[string]any{"preferred_username": "eva", "gallra_roles": []string{"dpo"}})
)

func with(claims, other map[string]any) map[string]any {
	out := maps.Clone(claims)
	maps.Copy(out, other)
	return out
}

// services answers as the services do, and remembers what it was asked.
type services struct {
	*httptest.Server
	verifier *bearer.Verifier

	mu    sync.Mutex
	says  map[string]any // by "METHOD /path": a problem, or what is answered
	asked []asked
}

type asked struct {
	what, body, purpose string
	who                 bearer.Claims
}

func openServices(t *testing.T, key ed25519.PrivateKey) *services {
	t.Helper()
	s := &services{verifier: bearer.NewVerifier(key.Public().(ed25519.PublicKey)), says: map[string]any{}}
	s.Server = httptest.NewServer(s.verifier.Middleware(http.HandlerFunc(s.answer)))
	t.Cleanup(s.Close)
	return s
}

func (s *services) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	who, _ := bearer.From(r.Context())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, asked{r.Method + " " + r.URL.RequestURI(), string(body), r.Header.Get("Gallra-Purpose"), who})
	switch said := s.says[r.Method+" "+r.URL.RequestURI()].(type) {
	case nil:
		problem.Write(w, problem.New("not-found"))
	case problem.Problem:
		problem.Write(w, said)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(said)
	}
}

func (s *services) say(what string, answer any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says[what] = answer
}

// last is what was asked last.
func (s *services) last() asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.asked) == 0 {
		return asked{}
	}
	return s.asked[len(s.asked)-1]
}

// sent is what was asked last to be changed.
func (s *services) sent() asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range slices.Backward(s.asked) {
		if !strings.HasPrefix(a.what, "GET ") {
			return a
		}
	}
	return asked{}
}

// office is a console with a provider and services of the test's.
type office struct {
	*system
	provider *provider
	services *services
	log      *bytes.Buffer
}

func openOffice(t *testing.T) *office {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{system: &system{t: t, nc: bustest.Server(t)}, provider: openProvider(t), services: openServices(t, key), log: &bytes.Buffer{}}
	l, err := serve.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.url = "http://" + l.Addr().String()
	c, err := console.New(console.Deps{Listener: l, NC: o.nc, Clock: standing{}, Policy: policy.Default(), Bearer: bearer.NewVerifier(key.Public().(ed25519.PublicKey)),
		Log: logs.New(o.log, console.Name), Officers: console.Officers{URL: o.url, API: o.services.URL, Key: key, Issuer: o.provider.URL,
			ClientID: clientID, ClientSecret: clientSecret}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return o
}

// seat is a browser.
type seat struct {
	*office
	client *http.Client
}

func (o *office) sit() *seat {
	o.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return &seat{o, &http.Client{Jar: jar, Transport: &http.Transport{}}}
}

// loggedIn is a browser whose officer has logged in and chosen a purpose.
func (o *office) loggedIn(claims map[string]any) *seat {
	o.t.Helper()
	o.provider.is(claims)
	s := o.sit()
	if status, body := s.open("/officer?lang=en"); status != 200 || !strings.Contains(body, "Logged in as") {
		o.t.Fatalf("not logged in: %d %s", status, body)
	}
	return s
}

func (s *seat) open(path string) (int, string) {
	s.t.Helper()
	resp, body := s.do(http.MethodGet, path, nil, nil)
	return resp.StatusCode, body
}

func (s *seat) post(path string, form url.Values) (int, string) {
	s.t.Helper()
	resp, body := s.do(http.MethodPost, path, form, http.Header{"Sec-Fetch-Site": {"same-origin"}})
	return resp.StatusCode, body
}

func (s *seat) do(method, path string, form url.Values, header http.Header) (*http.Response, string) {
	s.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = s.url + path
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	maps.Copy(r.Header, header)
	r.Header.Set("Accept-Language", "en")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(body)
}
