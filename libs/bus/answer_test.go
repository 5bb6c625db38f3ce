package bus_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bus"
	"gallra.se/libs/bus/bustest"
)

func TestAskingMoreThanCanWaitIsAnsweredWithWhenToComeAgain(t *testing.T) {
	t.Parallel()
	nc := bustest.Server(t, "contact")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	leave := make(chan struct{})
	err := bus.Respond(ctx, nc, "in.a.contact", "intake", func(context.Context, *nats.Msg) *nats.Msg {
		<-leave
		return nats.NewMsg("")
	})
	if err != nil {
		t.Fatal(err)
	}
	const asked = 400
	refused := make(chan string, asked)
	var all sync.WaitGroup
	for range asked {
		all.Go(func() {
			reply, err := nc.RequestWithContext(ctx, "in.a.contact", nil)
			if err != nil {
				t.Error(err)
				return
			}
			if reply.Header.Get(bus.HeaderProblem) == "unavailable" {
				refused <- reply.Header.Get("Retry-After")
			}
		})
	}
	for range asked - 288 { // 32 are worked on and 256 wait while nobody leaves
		if after := <-refused; after != "1" {
			t.Errorf("come again after %q", after)
		}
	}
	close(leave)
	all.Wait()
	if len(refused) > 0 {
		t.Errorf("%d more were refused than had to be", len(refused))
	}
}
