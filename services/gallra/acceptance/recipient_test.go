package acceptance

import (
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/ledger/receipt"
)

var update = flag.Bool("update", false, "write golden files")

// recipient is an enforcement authority that may be down: then nothing listens at its
// address.
type recipient struct {
	t       *testing.T
	address string
	mu      sync.Mutex
	bodies  []string
}

func newRecipient(t *testing.T) *recipient {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return &recipient{t: t, address: free.Addr().String()}
}

// rises lets it listen from now on.
func (r *recipient) rises() {
	r.t.Helper()
	listener, err := net.Listen("tcp", r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	server := &http.Server{Handler: r}
	go func() { _ = server.Serve(listener) }()
	r.t.Cleanup(func() { server.Close() })
}

func (r *recipient) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bodies = append(r.bodies, string(body))
}

func TestARecipientThatIsDownForThreeDaysGetsExactlyOneDelivery(t *testing.T) {
	t.Parallel()
	kfm := newRecipient(t)
	_, api := up(t, dataDir(t), "--clock=simulated=2021-10-04", "--recipient=SE-KFM=http://"+kfm.address+"/")
	l := life{t, api}
	l.hands("2021-10-04 09:00", "/v1/persons", map[string]any{"kind": "person.registered",
		"person": map[string]any{"nationalId": frida, "name": "Frida Kanarie", "address": "Provgatan 8", "fund": "SE-AK-ALFA"}})
	l.at("2021-11-01 10:00")
	ask := map[string]any{"recipient": "SE-KFM", "authority": authority, "nationalId": frida, "mode": "direct",
		"fields": []string{"name", "nationalId", "registrationDates", "fund", "address"}}
	var answer struct {
		ID     string
		Fields []string
	}
	if err := api.Post(t.Context(), authority, "/v1/disclosures", ask, &answer); err != nil {
		t.Fatal(err)
	}
	l.at("2021-11-04 10:00")
	if opened := metric(t, api, "disclosure", "gallra_disclosure_breaker_opened_total"); opened == "" || opened == "0" {
		t.Errorf("the breaker opened %q times in three days", opened)
	}
	kfm.rises()
	l.at("2021-11-05 10:00")
	golden(t, "testdata/SE-KFM.json", kfm.bodies)
	deliveredOnce(t, api)
}

// golden compares the only delivery with what the recipient has been promised to get.
func golden(t *testing.T, path string, bodies []string) {
	t.Helper()
	if len(bodies) != 1 {
		t.Fatalf("%d deliveries", len(bodies))
	}
	if *update {
		if err := os.WriteFile(path, []byte(bodies[0]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), bodies[0]); diff != "" {
		t.Error(diff)
	}
}

// deliveredOnce looks at the log and at the ledger.
func deliveredOnce(t *testing.T, api *client.Client) {
	t.Helper()
	var said struct{ Log []struct{ Kind string } }
	if err := api.Get(t.Context(), authority, "/v1/disclosures", &said); err != nil {
		t.Fatal(err)
	}
	delivered := 0
	for _, entry := range said.Log {
		if entry.Kind == "disclosure.delivered" {
			delivered++
		}
	}
	leaves := 0
	err := api.Receipts(t.Context(), -1, 0, "", func(r client.Receipt) error {
		parsed, err := receipt.Parse([]byte(r.Receipt))
		if err == nil && parsed.Leaf.Kind == receipt.Delivered {
			leaves++
		}
		return err
	})
	if err != nil || delivered != 1 || leaves != 1 {
		t.Errorf("%d log entries of a delivery and %d receipts: %+v %v", delivered, leaves, said.Log, err)
	}
}

// metric is the value of a service's metric, "" when it has none.
func metric(t *testing.T, api *client.Client, service, name string) string {
	t.Helper()
	answer, err := api.Do(t.Context(), client.Call{Method: http.MethodGet, Path: "/metrics/" + service})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(answer.Body), "\n") {
		if found := regexp.MustCompile(`^` + name + `(?:\{[^}]*\})? (\S+)$`).FindStringSubmatch(line); found != nil {
			return found[1]
		}
	}
	return ""
}
