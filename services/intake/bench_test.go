package intake_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

// BenchmarkContacts takes calls in over HTTP from 64 senders: minimised,
// encrypted, stored, relayed; of the identified, whose it is sealed too. The
// database does not sync here; `make bench` of the whole system does.
func BenchmarkContacts(b *testing.B) {
	b.Run("identified", func(b *testing.B) { takeIn(b, irrelevant("call-1", "%s")) })
	b.Run("anonymous", func(b *testing.B) { takeIn(b, line("call-1", "%s", `"identified":true`, `"identified":false`)) })
}

func takeIn(b *testing.B, call string) {
	w := newWorld(b)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-w.told:
			case <-done:
				return
			}
		}
	}()
	defer close(done)
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 64
	b.SetParallelism(32)
	b.ResetTimer()
	var failed atomic.Int64
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if r := w.post(strings.Replace(call, "%s", uuid.NewString(), 1)); r.Status != http.StatusCreated {
				failed.Add(1)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "contacts/s")
	if failed.Load() > 0 {
		b.Errorf("%d were refused", failed.Load())
	}
}
