package intake_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

// BenchmarkContacts takes calls in over HTTP from 64 senders: minimised,
// encrypted, stored, relayed. The database does not sync here; `make bench` of
// the whole system does.
func BenchmarkContacts(b *testing.B) {
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
			if r := w.post(irrelevant("call-1", uuid.NewString())); r.Status != http.StatusCreated {
				failed.Add(1)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "contacts/s")
	if failed.Load() > 0 {
		b.Errorf("%d were refused", failed.Load())
	}
}
