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

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/launch"
)

const (
	contacts = 6_000
	callers  = 32
	// nearestPeer is what Databunker 0.8.36 created a second on a machine like this one (8 connections, 2 cores): 560–790.
	nearestPeer = 790
)

// BenchmarkContacts is the second row of the figures: telephone calls over HTTP until minimised, encrypted, stored and
// their clocks armed; beside it the nearest peer's best and, as the floor of the same run, single-row inserts under fsync.
func BenchmarkContacts(b *testing.B) {
	for b.Loop() {
		inserts := floorInserts(b)
		perSecond, p99 := ourContacts(b)
		b.ReportMetric(inserts, "floor-inserts/s")
		b.ReportMetric(perSecond, "contacts/s")
		b.ReportMetric(float64(p99.Milliseconds()), "p99-ms")
		b.ReportMetric(perSecond/nearestPeer, "of-nearest-peer")
	}
	b.ReportMetric(0, "ns/op")
}

func ourContacts(b *testing.B) (perSecond float64, p99 time.Duration) {
	dir, err := os.MkdirTemp("", "gallra-bench-")
	must(b, err)
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(b, os.Chmod(dir, 0o755))
	system, err := launch.Start(b.Context(), launch.Options{Dir: filepath.Join(dir, "data"), Args: []string{"--empty"}})
	must(b, err)
	b.Cleanup(system.Stop)
	api, err := system.Client()
	must(b, err)
	call(b, api, 0)
	start := time.Now()
	took := inParallel(func(n int) { call(b, api, n+1) })
	awaitArmed(b, api, contacts+1)
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

func call(b *testing.B, api *client.Client, n int) {
	now := time.Now().Format(time.RFC3339)
	line := fmt.Appendf(nil, `{"id":"bench-%d","kind":"contact","at":%q,"authority":"arbetsformedlingen","channel":"phone","identified":true,"line":"national",`+
		`"endedAt":%q,"fields":{"phoneNumber":"070-1740605","name":"Anna Kanarie","nationalId":"199001012385"}}`, n, now, now)
	answer, err := api.Do(b.Context(), client.Call{Authority: "arbetsformedlingen", Method: http.MethodPost, Path: "/v1/contacts", Header: client.JSON(),
		Body: line})
	if err != nil || !answer.OK() {
		b.Errorf("contact %d: %v %d", n, err, answer.Status)
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
