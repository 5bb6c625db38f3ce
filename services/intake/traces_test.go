package intake_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"gallra.se/libs/clock"
)

// Lines that arrive at the same time share a transaction, and must not share a trace.
func TestEachOfManySendersAtOnceFindsItsOwnTraceInItsEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var mu sync.Mutex
	sent := map[string]string{} // contact → traceparent
	var all sync.WaitGroup
	for n := range 40 {
		all.Go(func() {
			parent := fmt.Sprintf("00-%032x-%016x-00", n+1, n+1)
			r := w.call("POST", "/v1/contacts", af, map[string]string{"Content-Type": "application/json", "Traceparent": parent},
				line("call-1", fmt.Sprint("call-", n)))
			mu.Lock()
			defer mu.Unlock()
			if r.Status != http.StatusCreated {
				t.Errorf("%d %v", r.Status, r.Body)
				return
			}
			sent[r.Body["id"].(string)] = parent
		})
	}
	all.Wait()
	for range 2 * len(sent) { // recorded and noted
		select {
		case e := <-w.told:
			if got := e.Extensions()["traceparent"]; got != sent[e.Subject()] {
				t.Errorf("%s of %s is told of in %v, and was sent in %s", e.Type(), e.Subject(), got, sent[e.Subject()])
			}
		case <-clock.After(20 * time.Second):
			t.Fatal("not all was told")
		}
	}
}
