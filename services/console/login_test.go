package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gallra.se/libs/clock"
)

// KSC-23, KSC-24
func TestAnOfficerLogsInAtTheProviderAndComesBackToWhereTheyWereGoing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	s := o.sit()
	resp, body := s.do("GET", "/officer/find?lang=en", nil, nil)
	if resp.StatusCode != 200 || resp.Request.URL.Path != "/officer" || !strings.Contains(body, `value="/officer/find"`) {
		t.Fatalf("%d at %s: %s", resp.StatusCode, resp.Request.URL, body)
	}
	for _, want := range []string{`data-test="name">Karin Ek`, "Arbetsförmedlingen", "case officer", "2099-12-31", "Log out"} {
		if !strings.Contains(body, want) {
			t.Errorf("the first page does not say %q", want)
		}
	}
}

func TestASessionGetsANewIdAtLoginAndItsCookieIsForThisSiteAlone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	s := o.sit()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	begun, _ := s.do("GET", "/login", nil, nil)
	before := begun.Cookies()
	asked, _ := s.do("GET", begun.Header.Get("Location"), nil, nil)
	back, _ := s.do("GET", asked.Header.Get("Location"), nil, nil)
	after := back.Cookies()
	if len(before) != 1 || len(after) != 1 || before[0].Value == after[0].Value {
		t.Fatalf("before %v, after %v", before, after)
	}
	for _, c := range append(before, after...) {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge > 0 {
			t.Errorf("%+v", c)
		}
	}
	s.client.Jar.SetCookies(mustURL(t, o.url), before)
	if resp, _ := s.do("GET", "/officer", nil, nil); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("the id from before the login is let in: %d", resp.StatusCode)
	}
}

func TestAReplayedForgedOrLateAnswerLetsNobodyIn(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(jwt.MapClaims, *provider){
		"signed by another":   func(c jwt.MapClaims, _ *provider) { c["by"] = "another" },
		"signed by nobody":    func(c jwt.MapClaims, _ *provider) { c["by"] = "nobody" },
		"for another client":  func(c jwt.MapClaims, _ *provider) { c["aud"] = "somebody-else" },
		"of another issuer":   func(c jwt.MapClaims, _ *provider) { c["iss"] = "https://elsewhere.example" },
		"expired":             func(c jwt.MapClaims, _ *provider) { c["exp"] = clock.PaceNow().Add(-time.Second).Unix() },
		"for another login":   func(c jwt.MapClaims, _ *provider) { c["nonce"] = "another" },
		"without a nonce":     func(c jwt.MapClaims, _ *provider) { delete(c, "nonce") },
		"not valid for hours": func(c jwt.MapClaims, _ *provider) { c["nbf"] = clock.PaceNow().Add(5 * time.Hour).Unix() },
	} {
		o := openOffice(t)
		o.provider.spoil = spoil
		s := o.sit()
		status, body := s.open("/officer")
		if status != http.StatusBadRequest || !strings.Contains(body, "cannot be trusted") {
			t.Errorf("%s: %d %s", name, status, body)
		}
		o.provider.spoil = nil
		s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		if resp, _ := s.do("GET", "/officer", nil, nil); resp.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: somebody is logged in", name)
		}
		if said := o.log.String(); strings.Contains(said, "karin") || strings.Contains(said, "eyJ") || strings.Contains(said, "code=") {
			t.Errorf("%s: the log holds %s", name, said)
		}
	}
}

func TestTheProvidersAnswerIsGoodOnceAndForTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	s := o.sit()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	begun, _ := s.do("GET", "/login", nil, nil)
	asked, _ := s.do("GET", begun.Header.Get("Location"), nil, nil)
	answer := asked.Header.Get("Location")

	thief := o.sit()
	if resp, body := thief.do("GET", answer, nil, nil); resp.StatusCode != http.StatusBadRequest || !strings.Contains(body, "used before") {
		t.Errorf("another browser: %d", resp.StatusCode)
	}
	if resp, _ := s.do("GET", answer, nil, nil); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("the first time: %d", resp.StatusCode)
	}
	if resp, body := s.do("GET", answer, nil, nil); resp.StatusCode != http.StatusBadRequest || !strings.Contains(body, "used before") {
		t.Errorf("the second time: %d", resp.StatusCode)
	}
	for name, path := range map[string]string{"nothing asked": "/login/callback?code=x&state=y", "no state": "/login/callback?code=x", "nothing at all": "/login/callback"} {
		if resp, _ := o.sit().do("GET", path, nil, nil); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
}

func TestAStateOfTheBrowsersOwnMakingEndsTheLogin(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	s := o.sit()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	begun, _ := s.do("GET", "/login", nil, nil)
	asked, _ := s.do("GET", begun.Header.Get("Location"), nil, nil)
	bent := mustURL(t, asked.Header.Get("Location"))
	q := bent.Query()
	q.Set("state", "another")
	bent.RawQuery = q.Encode()
	for range 2 { // bent, then the right one, for which it is too late
		if resp, _ := s.do("GET", bent.String(), nil, nil); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%d", resp.StatusCode)
		}
		bent = mustURL(t, asked.Header.Get("Location"))
	}
}

// KSC-25: an account is of one authority.
func TestAnAccountOfNoAuthorityOfTwoOrWithoutARoleIsNotLetIn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for name, row := range map[string]struct {
		claims map[string]any
		says   string
	}{
		"none":            {with(karin, map[string]any{"gallra_authority": nil}), "belongs to no authority"},
		"two":             {with(karin, map[string]any{"gallra_authority": []string{"arbetsformedlingen", "te-services"}}), "more than one authority"},
		"an unknown one":  {with(karin, map[string]any{"gallra_authority": "elsewhere"}), "is not here"},
		"no role":         {with(karin, map[string]any{"gallra_roles": nil}), "has no role"},
		"a machine's":     {with(karin, map[string]any{"gallra_roles": []string{"channel", "recipient", "operator"}}), "has no role"},
		"claims of sorts": {with(karin, map[string]any{"gallra_authority": 7, "gallra_roles": map[string]int{"case-officer": 1}}), "belongs to no authority"},
	} {
		o.provider.is(row.claims)
		if status, body := o.sit().open("/officer?lang=en"); status != http.StatusForbidden || !strings.Contains(body, row.says) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

func TestALoginThatIsRefusedOrAwayIsSaidInWords(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	s := o.sit()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	begun, _ := s.do("GET", "/login", nil, nil)
	state := mustURL(t, begun.Header.Get("Location")).Query().Get("state")
	resp, body := s.do("GET", "/login/callback?error=access_denied&error_description=%3Cscript%3E&state="+url.QueryEscape(state), nil, nil)
	if resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "did not let you in") || strings.Contains(body, "<script") {
		t.Errorf("refused: %d %s", resp.StatusCode, body)
	}
	away := openOffice(t)
	away.provider.Close()
	if status, body := away.sit().open("/login"); status != http.StatusServiceUnavailable || !strings.Contains(body, "does not answer") {
		t.Errorf("away: %d %s", status, body)
	}
}

func TestWithoutAProviderTheLoginPageSaysWhatToConfigure(t *testing.T) {
	t.Parallel()
	s := start(t, boardRows, said)
	for _, lang := range []string{"en", "sv"} {
		if resp, body := s.get("/officer?lang="+lang, lang); resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "GALLRA_OIDC_ISSUER") {
			t.Errorf("%s: %d %s", lang, resp.StatusCode, body)
		}
	}
}

func TestTheLoginLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for _, to := range []string{"https://elsewhere.example/officer", "//elsewhere.example/officer", "/\\elsewhere.example", "/officerx", "/officer/../../x\r\nSet-Cookie: a=b", "javascript:alert(1)", ""} {
		resp, _ := o.sit().do("GET", "/login?to="+url.QueryEscape(to), nil, nil)
		if resp.Request.URL.Host != mustURL(t, o.url).Host || resp.Request.URL.Path != "/officer" {
			t.Errorf("%q leads to %s", to, resp.Request.URL)
		}
	}
}

func TestLoggingOutEndsTheSessionOnTheServerToo(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	s := o.loggedIn(karin)
	kept := s.client.Jar.Cookies(mustURL(t, o.url))
	if status, body := s.post("/logout?lang=en", url.Values{}); status != 200 || !strings.Contains(body, "You are logged out") {
		t.Fatalf("%d %s", status, body)
	}
	s.client.Jar.SetCookies(mustURL(t, o.url), kept)
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if resp, _ := s.do("GET", "/officer", nil, nil); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("the old cookie is let in: %d", resp.StatusCode)
	}
}

func TestWhatAnotherSiteSendsIsNotDone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	s := o.loggedIn(karin)
	asked := len(o.services.asked)
	for name, header := range map[string]http.Header{
		"by its own word": {"Sec-Fetch-Site": {"cross-site"}},
		"by its origin":   {"Origin": {"https://elsewhere.example"}},
		"of no origin":    {"Origin": {"null"}},
		"of a neighbour":  {"Sec-Fetch-Site": {"same-site"}},
	} {
		for _, path := range []string{"/officer/find", "/officer/purpose", "/officer/cases/" + note, "/officer/protections/mark", "/logout"} {
			if resp, body := s.do("POST", path, url.Values{"nationalId": {"x"}}, header); resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "Another site") {
				t.Errorf("%s %s: %d", name, path, resp.StatusCode)
			}
		}
	}
	if len(o.services.asked) != asked {
		t.Error("a service was asked")
	}
	if status, _ := s.open("/officer"); status != 200 {
		t.Error("the session is over")
	}
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
