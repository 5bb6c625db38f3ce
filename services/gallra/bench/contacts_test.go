package bench_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/launch"
)

const (
	contacts = 3_000 // of each kind
	callers  = 32
	// nearestPeer is what Databunker 0.8.36 created a second on a machine like this one (8 connections, 2 cores): 560–790.
	nearestPeer = 790
)

// kind is one sort of contact, with what its channel lets it leave behind and more.
type kind struct {
	name, channel string
	identified    bool
	fields        string
}

const whoItIs = `"name":"Anna Kanarie","nationalId":"199001012385"`

var kinds = []kind{
	{"phone-identified", "phone", true, `"phoneNumber":"070-1740605",` + whoItIs},
	{"phone-anonymous", "phone", false, `"phoneNumber":"070-1740605"`},
	{"chat-identified", "chat", true, `"ipAddress":"192.0.2.7","text":"When is my next meeting?",` + whoItIs},
	{"chat-anonymous", "chat", false, `"ipAddress":"192.0.2.7","text":"When do you open?"`},
	{"email-identified", "email", true, `"email":"anna@example.se","text":"When is my next meeting?",` + whoItIs},
	{"email-anonymous", "email", false, `"email":"anna@example.se","text":"When do you open?"`},
}

// BenchmarkContacts is the second row of the figures: contacts over HTTP until minimised, encrypted, stored, linked to whom
// they are with and their clocks armed, by channel and for those who said who they are and those who did not; beside it the
// nearest peer's best and, as the floor of the same run, single-row inserts under fsync.
func BenchmarkContacts(b *testing.B) {
	for b.Loop() {
		inserts := floorInserts(b)
		b.ReportMetric(inserts, "floor-inserts/s")
		api := begun(b)
		total := 1
		for _, k := range kinds {
			perSecond, p99 := k.ours(b, api, total)
			total += contacts
			b.ReportMetric(perSecond, k.name+"/s")
			b.ReportMetric(float64(p99.Milliseconds()), k.name+"-p99-ms")
			b.ReportMetric(perSecond/inserts, k.name+"-of-floor")
			b.ReportMetric(perSecond/nearestPeer, k.name+"-of-peer")
		}
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkChatbot is questions to the chatbot, of which nothing may be written: each in a session of its own.
func BenchmarkChatbot(b *testing.B) {
	for b.Loop() {
		system := started(b)
		channel, err := system.Place().As(bearer.Claims{Authority: "arbetsformedlingen", Name: "channel", Roles: []string{"channel"}}, time.Hour)
		must(b, err)
		start := time.Now()
		took := inParallel(func(n int) {
			handIn(b, channel, fmt.Sprintf("/v1/chatbot/sessions/bench-%d/ask", n), []byte(`{"ipAddress":"192.0.2.7","text":"How do I register? I am 199001012385"}`))
		})
		slices.Sort(took)
		b.ReportMetric(rate(contacts, start), "questions/s")
		b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "p99-ms")
	}
	b.ReportMetric(0, "ns/op")
}

// begun is a system with the person whom the contacts are with, and one clock that runs.
func begun(b *testing.B) *client.Client {
	api, err := started(b).Client()
	must(b, err)
	now := time.Now().Format(time.RFC3339)
	handIn(b, api, "/v1/persons", fmt.Appendf(nil, `{"id":"bench-anna","kind":"person.registered","at":%q,"authority":"arbetsformedlingen","person":{%s}}`, now, whoItIs))
	kinds[0].send(b, api, 0)
	awaitArmed(b, api, 1)
	return api
}

func started(b *testing.B) *launch.System {
	dir, err := os.MkdirTemp("", "gallra-bench-")
	must(b, err)
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(b, os.Chmod(dir, 0o755))
	system, err := launch.Start(b.Context(), launch.Options{Dir: filepath.Join(dir, "data"), Args: []string{"--empty"}})
	must(b, err)
	b.Cleanup(system.Stop)
	return system
}

// ours hands in contacts of a kind to a system that runs so many clocks.
func (k kind) ours(b *testing.B, api *client.Client, running int) (perSecond float64, p99 time.Duration) {
	start := time.Now()
	took := inParallel(func(n int) { k.send(b, api, n) })
	awaitArmed(b, api, running+contacts)
	slices.Sort(took)
	return rate(contacts, start), took[len(took)*99/100]
}

func inParallel(one func(n int)) []time.Duration {
	var next atomic.Int64
	var mu sync.Mutex
	took := make([]time.Duration, 0, contacts)
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for n := int(next.Add(1)); n <= contacts; n = int(next.Add(1)) {
				start := time.Now()
				one(n)
				mu.Lock()
				took = append(took, time.Since(start))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return took
}

func (k kind) send(b *testing.B, api *client.Client, n int) {
	now := time.Now().Format(time.RFC3339)
	handIn(b, api, "/v1/contacts", fmt.Appendf(nil, `{"id":"bench-%s-%d","kind":"contact","at":%q,"authority":"arbetsformedlingen","channel":%q,"identified":%t,`+
		`"endedAt":%q,"fields":{%s}}`, k.name, n, now, k.channel, k.identified, now, k.fields))
}

func handIn(b *testing.B, api *client.Client, path string, line []byte) {
	answer, err := api.Do(b.Context(), client.Call{Authority: "arbetsformedlingen", Method: http.MethodPost, Path: path, Header: client.JSON(), Body: line})
	if err != nil || !answer.OK() {
		b.Errorf("%s: %v %d %s", path, err, answer.Status, answer.Body)
	}
}

// awaitArmed waits until retention-timer runs a clock for each.
func awaitArmed(b *testing.B, api *client.Client, n int) {
	b.Helper()
	for give := time.Now().Add(2 * time.Minute); time.Now().Before(give); time.Sleep(5 * time.Millisecond) {
		if armed(b.Context(), b, api) >= n {
			return
		}
	}
	b.Fatal("not all clocks are armed after two minutes")
}

func armed(ctx context.Context, b *testing.B, api *client.Client) int {
	var said struct{ Board []struct{ Running int } }
	must(b, api.Get(ctx, "arbetsformedlingen", "/v1/retention-board", &said))
	n := 0
	for _, r := range said.Board {
		n += r.Running
	}
	return n
}

// floorInserts is one row a transaction from as many connections as there are callers.
func floorInserts(b *testing.B) float64 {
	p := newPlace(b)
	pool := p.pool(b, "floor")
	exec(b, pool, `CREATE TABLE contact (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)`)
	body := fmt.Sprintf("%0*d", filler, 0)
	start := time.Now()
	inParallel(func(int) {
		if _, err := pool.Exec(p.ctx, `INSERT INTO contact (body) VALUES ($1)`, body); err != nil {
			b.Error(err)
		}
	})
	return rate(contacts, start)
}
