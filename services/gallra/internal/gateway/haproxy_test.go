package gateway

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gallra.se/libs/problem"
)

// The gateway of the containers is HAProxy; its configuration is written by hand.
func haproxy(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../../deploy/gateway/haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheContainersGatewayHasTheSameRoutes(t *testing.T) {
	t.Parallel()
	text := haproxy(t)
	got := map[string]string{}
	for _, rule := range regexp.MustCompile(`use_backend (\S+) +if \{ path (\S+) \} \|\| \{ path_beg (\S+) \}\n`).FindAllStringSubmatch(text, -1) {
		if rule[3] != rule[2]+"/" {
			t.Errorf("%s and %s are not one path", rule[2], rule[3])
		}
		got[rule[2]] = strings.TrimSuffix(rule[1], "-sessions")
	}
	if !maps.Equal(got, routes) {
		t.Errorf("haproxy.cfg has %v, routes.go %v", got, routes)
	}
	if !strings.Contains(text, "\n    default_backend "+front+"\n") {
		t.Errorf("what belongs to nobody does not go to %s", front)
	}
	const own = "use_backend control         if { path /readyz } || { path /v1/reconcile } || { path /v1/keys } || { path_beg /v1/keys/ } || { path_beg /sim/ }\n"
	if rules := strings.Count(text, "use_backend "); rules != len(routes)+1 || !strings.Contains(text, own) {
		t.Errorf("%d rules for %d routes", rules, len(routes))
	}
}

// A name with another's certificate behind it is not the service.
func TestTheContainersGatewayAsksEveryServiceForItsOwnCertificateAndReadiness(t *testing.T) {
	t.Parallel()
	text := haproxy(t)
	services := append(slices.Collect(maps.Values(routes)), front)
	for _, service := range services {
		want := "\nbackend " + service + "\n    http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host " + service +
			"\n    server-template " + service + " 8 " + service + ":8080 sni str(" + service + ") check-sni " + service + "\n"
		if !strings.Contains(text, want) {
			t.Errorf("haproxy.cfg lacks%s", want)
		}
	}
	if !regexp.MustCompile(`default-server .* ssl verify required ca-file `).MatchString(text) {
		t.Error("the services' certificates are not verified")
	}
}

// AFC-27: what an instance holds in memory alone is found by whoever asks for it again.
func TestTheContainersGatewayKeepsASessionAtOneInstance(t *testing.T) {
	t.Parallel()
	text := haproxy(t)
	for _, want := range []string{
		"    use_backend intake-sessions if { path /v1/chatbot } || { path_beg /v1/chatbot/ }\n",
		"\nbackend intake-sessions\n    balance uri depth 4\n    hash-type consistent\n    http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host intake" +
			"\n    server-template intake 8 intake:8080 sni str(intake) check-sni intake\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("haproxy.cfg lacks %s", want)
		}
	}
	if strings.Count("/v1/chatbot/sessions/NAME", "/") != 4 {
		t.Error("the depth does not end with the session's name")
	}
}

func TestTheContainersGatewayRefusesInTheSameWords(t *testing.T) {
	t.Parallel()
	text := haproxy(t)
	for _, want := range []string{
		"status 503 content-type " + problem.ContentType + " string '" + string(problem.Unavailable(time.Second).JSON()) + "' hdr Retry-After 1\n",
		"status 500 content-type " + problem.ContentType + " string '" + string(problem.New(problem.Internal).JSON()) + "'\n",
		"status 404 content-type " + problem.ContentType + " string '" + string(problem.New("not-found").JSON()) + "'",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("haproxy.cfg lacks %s", want)
		}
	}
}
