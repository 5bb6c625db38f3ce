// Subscriber reads the closed cases of an authority, as another system does: by the consumer that `gallra connect add NAME
// --subscribe arbetsformedlingen/case.closed` made for it. What is acknowledged does not come again, after a restart neither.
//
//	go run docs/examples/subscriber/main.go nats://127.0.0.1:4222 data/keys/nats/partner-NAME.nk EV_CASE partner-NAME [ca.pem]
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func main() {
	seed, err := nats.NkeyOptionFromSeed(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	options := []nats.Option{seed}
	if len(os.Args) > 5 {
		options = append(options, nats.RootCAs(os.Args[5]))
	}
	nc, err := nats.Connect(os.Args[1], options...)
	if err != nil {
		log.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.NewWithDomain(nc, "gallra")
	if err != nil {
		log.Fatal(err)
	}
	events, err := js.Consumer(context.Background(), os.Args[3], os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	batch, err := events.Fetch(1000, jetstream.FetchMaxWait(2*time.Second)) // events.Consume goes on for ever
	if err != nil {
		log.Fatal(err)
	}
	for event := range batch.Messages() {
		fmt.Println(event.Subject(), string(event.Data()))
		if err := event.DoubleAck(context.Background()); err != nil {
			log.Fatal(err)
		}
	}
}
