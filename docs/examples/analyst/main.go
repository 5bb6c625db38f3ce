// Analyst reads the pseudonymised statistics from the first row on, by a consumer of its own on the one stream that its
// credentials can read. An analyst shares an account with others, so its answers come to an inbox of its name.
//
//	go run docs/examples/analyst/main.go nats://127.0.0.1:4222 data/keys/nats/analyst.nk [ca.pem]
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
	options := []nats.Option{seed, nats.CustomInboxPrefix("_INBOX_analyst")}
	if len(os.Args) > 3 {
		options = append(options, nats.RootCAs(os.Args[3]))
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
	rows, err := js.CreateConsumer(context.Background(), "STATS", jetstream.ConsumerConfig{AckPolicy: jetstream.AckNonePolicy})
	if err != nil {
		log.Fatal(err)
	}
	batch, err := rows.Fetch(1000, jetstream.FetchMaxWait(2*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	for row := range batch.Messages() {
		fmt.Println(row.Subject(), string(row.Data()))
	}
}
