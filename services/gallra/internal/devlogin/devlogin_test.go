package devlogin

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"
)

const verifier = "a-verifier-of-enough-letters-for-anybody-to-be-content"

type place struct {
	*Provider
	*httptest.Server
	client *http.Client
}

func open(t *testing.T) *place {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	p, err := New(address, address+"/login/callback", Personas([]Authority{{"arbetsformedlingen", "Europe/Stockholm"}, {"te-services", "Europe/Helsinki"}}))
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = p.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return &place{p, server, &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// asked is a request for a login as the console makes it.
func (p *place) asked() url.Values {
	return url.Values{"client_id": {ClientID}, "redirect_uri": {p.callback}, "response_type": {"code"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {oauth2.S256ChallengeFromVerifier(verifier)}, "code_challenge_method": {"S256"}}
}

func (p *place) do(t *testing.T, method, path string, form url.Values, header http.Header) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.issuer+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// picked is the code for a persona.
func (p *place) picked(t *testing.T, persona string) string {
	t.Helper()
	form := p.asked()
	form.Set("persona", persona)
	response, body := p.do(t, "POST", "/authorize", form, nil)
	back, err := response.Location()
	if err != nil {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	if !strings.HasPrefix(back.String(), p.callback+"?") || back.Query().Get("state") != "s" {
		t.Fatalf("back to %s", back)
	}
	return back.Query().Get("code")
}

func (p *place) exchange(code, verifier string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {p.callback}, "client_id": {ClientID}, "code_verifier": {verifier}}
}

func TestAPersonaIsPickedAndItsTokenSaysWhoItIs(t *testing.T) {
	t.Parallel()
	p := open(t)
	_, page := p.do(t, "GET", "/authorize?"+p.asked().Encode(), nil, nil)
	if n := len(regexp.MustCompile(`name="persona" value="[^"]`).FindAllString(page, -1)); n != 2*len(parts) || !strings.Contains(page, "te-services.dpo") {
		t.Errorf("%d personas: %s", n, page)
	}
	response, body := p.do(t, "POST", "/token", p.exchange(p.picked(t, "te-services.protected"), verifier), nil)
	var said struct {
		IDToken string `json:"id_token"`
	}
	if err := json.Unmarshal([]byte(body), &said); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	claims := jwt.MapClaims{}
	token, err := jwt.ParseWithClaims(said.IDToken, claims, func(*jwt.Token) (any, error) { return p.key.Public(), nil },
		jwt.WithIssuer(p.issuer), jwt.WithAudience(ClientID), jwt.WithExpirationRequired(), jwt.WithValidMethods([]string{"EdDSA"}))
	if err != nil || token.Header["kid"] != keyID || claims["nonce"] != "n" || claims["gallra_authority"] != "te-services" || claims["gallra_appointed"] != true ||
		claims["gallra_undertaking"] != far {
		t.Errorf("%v %v", err, claims)
	}
}

func TestACodeIsGoodOnceAndForWhoAskedForIt(t *testing.T) {
	t.Parallel()
	p := open(t)
	code := p.picked(t, "arbetsformedlingen.case")
	for _, want := range []int{http.StatusOK, http.StatusBadRequest} {
		if response, _ := p.do(t, "POST", "/token", p.exchange(code, verifier), nil); response.StatusCode != want {
			t.Errorf("%d, want %d", response.StatusCode, want)
		}
	}
	for name, change := range map[string]func(url.Values){
		"another verifier": func(v url.Values) { v.Set("code_verifier", verifier+"x") },
		"no verifier":      func(v url.Values) { v.Del("code_verifier") },
		"another client":   func(v url.Values) { v.Set("client_id", "x") },
		"another address":  func(v url.Values) { v.Set("redirect_uri", "https://elsewhere.example/") },
		"another grant":    func(v url.Values) { v.Set("grant_type", "password") },
		"no such code":     func(v url.Values) { v.Set("code", "x") },
	} {
		form := p.exchange(p.picked(t, "arbetsformedlingen.case"), verifier)
		change(form)
		if response, body := p.do(t, "POST", "/token", form, nil); response.StatusCode != http.StatusBadRequest || strings.Contains(body, "id_token") {
			t.Errorf("%s: %d %s", name, response.StatusCode, body)
		}
	}
}

func TestBrowsersAreSentBackToTheConsoleAlone(t *testing.T) {
	t.Parallel()
	p := open(t)
	for name, change := range map[string]func(url.Values){
		"another address": func(v url.Values) { v.Set("redirect_uri", "https://elsewhere.example/login/callback") },
		"a longer one":    func(v url.Values) { v.Set("redirect_uri", p.callback+"/x") },
		"another client":  func(v url.Values) { v.Set("client_id", "x") },
		"a token at once": func(v url.Values) { v.Set("response_type", "id_token") },
		"no state":        func(v url.Values) { v.Del("state") },
		"no nonce":        func(v url.Values) { v.Del("nonce") },
		"no challenge":    func(v url.Values) { v.Del("code_challenge") },
		"a plain one":     func(v url.Values) { v.Set("code_challenge_method", "plain") },
	} {
		form := p.asked()
		form.Set("persona", "arbetsformedlingen.case")
		change(form)
		asked, _ := p.do(t, "GET", "/authorize?"+form.Encode(), nil, nil)
		picked, _ := p.do(t, "POST", "/authorize", form, nil)
		if asked.StatusCode != http.StatusBadRequest || picked.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d %d", name, asked.StatusCode, picked.StatusCode)
		}
	}
	if code := p.picked(t, ""); code != "" {
		t.Error("nobody has a code")
	}
	form := p.asked()
	form.Set("persona", "arbetsformedlingen.case")
	if response, _ := p.do(t, "POST", "/authorize", form, http.Header{"Sec-Fetch-Site": {"cross-site"}}); response.StatusCode != http.StatusForbidden {
		t.Errorf("picked by another site: %d", response.StatusCode)
	}
}

func TestEveryAuthorityHasSomebodyOfEachKindAndSomeWhoMayNot(t *testing.T) {
	t.Parallel()
	accounts, able := map[string]bool{}, 0
	for _, p := range Personas([]Authority{{"a", "Europe/Stockholm"}, {"b", "Europe/Helsinki"}, {"c", "Elsewhere"}}) {
		if accounts[p.Account] || p.Name == "" || p.Family == "" || p.Street == "" || len(p.Roles) == 0 {
			t.Errorf("%+v", p)
		}
		accounts[p.Account] = true
		if p.Appointed != slices.Contains(p.Roles, "protected-officer") {
			t.Errorf("%s is appointed: %v", p.Account, p.Appointed)
		}
		if p.Trained && p.Undertaking == far {
			able++
		}
	}
	if len(accounts) != 30 || able != 21 {
		t.Errorf("%d personas, of whom %d may read", len(accounts), able)
	}
}
