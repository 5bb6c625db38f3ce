package acceptance

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gallra.se/libs/bearer"
	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/launch"
	"gallra.se/services/gallra/internal/needles"
)

// AFC-25, AFC-27, AFC-28, AFG-27, AFG-36: who spoke to the chatbot, looked at pages and logged in when the system was killed
// has left nothing on its disk, not in the crash and not when it starts again.
func TestAKillInMidSessionLeavesNothingOfASession(t *testing.T) {
	t.Parallel()
	set, err := needles.Compile([]string{"Kanariefem", "kanarie-mid-session", "197602102381", "192.0.2.51"})
	if err != nil {
		t.Fatal(err)
	}
	spans := newCollector(t)
	dir := dataDir(t)
	system, err := launch.Start(t.Context(), launch.Options{Dir: dir, Env: spans.env(), Args: []string{begin}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(system.Kill)
	channel := channelAt(t, system)
	send := func(path, body string) []byte {
		t.Helper()
		answer, err := channel.Do(t.Context(), client.Call{Authority: authority, Method: http.MethodPost, Path: path, Header: client.JSON(), Body: []byte(body)})
		if err != nil || !answer.OK() {
			t.Fatalf("%s: %v %d %s", path, err, answer.Status, answer.Body)
		}
		return answer.Body
	}
	const at = "2021-01-01T01:00:00+01:00"
	for n := range 20 {
		send(fmt.Sprintf("/v1/chatbot/sessions/s%d/ask", n), `{"ipAddress":"192.0.2.51","text":"I am Disa Kanariefem 197602102381, kanarie-mid-session, what is my next step?"}`)
		send("/v1/web/views", `{"page":"/kontakt","ipAddress":"192.0.2.51","cookies":"all","at":"`+at+`"}`)
	}
	logged := send("/v1/logins", fmt.Sprintf(`{"id":"l1","at":%q,"identity":{"token":%q,"nonce":"n-1"}}`, at, statementOfDisa(t, dir)))
	if !bytes.Contains(logged, []byte(`"result":"valid"`)) {
		t.Errorf("%s", logged)
	}
	system.Kill()
	nowhere(t, set, dir, "after the kill")
	again, api := up(t, dir, begin)
	answer, err := api.Do(t.Context(), client.Call{Method: http.MethodGet, Path: "/metrics/intake"})
	if err != nil || len(in(t, set, answer.Body)) > 0 {
		t.Errorf("a metric tells of her: %v", err)
	}
	again.Stop()
	nowhere(t, set, dir, "after the next start")
	spans.mu.Lock()
	defer spans.mu.Unlock()
	if traces := bytes.Join(spans.bodies, nil); len(in(t, set, traces)) > 0 {
		t.Error("a trace tells of her")
	}
}

func nowhere(t *testing.T, set *needles.Set, dir, when string) {
	t.Helper()
	finds, err := set.ScanDir(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range finds {
		t.Errorf("%s: canary %d lies as %s in %s at %d", when, f.Needle, f.Form, f.File, f.Offset)
	}
}

func channelAt(t *testing.T, system *launch.System) *client.Client {
	t.Helper()
	channel, err := system.Place().As(bearer.Claims{Authority: authority, Name: "channel", Roles: []string{"channel"}}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return channel
}

func statementOfDisa(t *testing.T, dir string) string {
	t.Helper()
	return statementOf(t, dir, "Disa Kanariefem", "197602102381")
}

// statementOf somebody is signed by the system's own development issuer.
func statementOf(t *testing.T, dir, name, number string) string {
	t.Helper()
	layout := embedded.Layout{Dir: dir}
	key, err := layout.Credentials().EnsureEIDKey()
	if err != nil {
		t.Fatal(err)
	}
	now := clock.PaceNow()
	signed, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{"iss": credentials.DevelopmentIssuer, "aud": authority, "jti": "s-1", "nonce": "n-1",
		"name": name, "nationalId": number, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}
