package system

import (
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"gallra.se/services/gallra/internal/devlogin"
)

// door is a listener that listens nowhere.
type door struct {
	net.Listener
	at net.Addr
}

func (d door) Addr() net.Addr { return d.at }

func at(ip string) door { return door{at: &net.TCPAddr{IP: net.ParseIP(ip), Port: 8080}} }

func TestMadeUpPersonasLogInOnThisMachineAloneAndNeverInProduction(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		s      system
		madeUp bool
	}{
		"on this machine":            {system{door: at("127.0.0.1")}, true},
		"on this machine, by IPv6":   {system{door: at("::1")}, true},
		"for all to reach":           {system{door: at("0.0.0.0")}, false},
		"on an address of its own":   {system{door: at("192.0.2.7")}, false},
		"in production":              {system{door: at("127.0.0.1"), Options: Options{Production: true}}, false},
		"with a provider of its own": {system{door: at("127.0.0.1"), Options: Options{Login: Login{Issuer: "https://id.example", ClientID: "g"}}}, false},
	} {
		if err := row.s.placeLogin(t.Context()); err != nil {
			t.Fatal(err)
		}
		routes := row.s.madeUp()
		if _, mounted := routes[devlogin.Path+"/"]; mounted != row.madeUp || len(routes) > 1 {
			t.Errorf("%s: %v", name, routes)
		}
		if row.madeUp && (row.s.Login.Issuer != row.s.url()+devlogin.Path || row.s.officers().ClientID != devlogin.ClientID) {
			t.Errorf("%s: %+v", name, row.s.Login)
		}
		if issuer := row.s.officers().Issuer; !row.madeUp && issuer != "" && issuer != "https://id.example" {
			t.Errorf("%s: officers log in at %s", name, issuer)
		}
	}
}

func TestTheConsoleInAProcessOfItsOwnIsToldTheSame(t *testing.T) {
	t.Parallel()
	s := system{door: at("127.0.0.1"), Options: Options{Login: Login{URL: "https://gallra.example/", Issuer: "https://id.example", ClientID: "g", SecretFile: "secret",
		Claims: map[string]string{"roles": "groups"}}}}
	if err := s.placeLogin(t.Context()); err != nil {
		t.Fatal(err)
	}
	args := s.officersArgs()
	for _, want := range []string{"--console-url=https://gallra.example", "--api=http://127.0.0.1:8080", "--oidc-issuer=https://id.example", "--oidc-client-id=g",
		"--oidc-client-secret-file=secret", "--oidc-claim=roles=groups"} {
		if !slices.Contains(args, want) {
			t.Errorf("%v lacks %s", args, want)
		}
	}
	if o := s.officers(); o.URL != "https://gallra.example" || o.API != "http://127.0.0.1:8080" || o.Claims["roles"] != "groups" {
		t.Errorf("%+v", o)
	}
}

func TestThePickerAnswersUnderItsPath(t *testing.T) {
	t.Parallel()
	s := system{door: at("127.0.0.1")}
	if err := s.placeLogin(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.madeUp()[devlogin.Path+"/"].ServeHTTP(w, httptest.NewRequest(http.MethodGet, devlogin.Path+"/.well-known/openid-configuration", nil))
	if w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
