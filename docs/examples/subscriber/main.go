// Subscriber reads the pseudonymised statistics from the first row on, as an analyst does: a consumer of its own on the
// one stream that its credentials can read.
//
//	go run docs/examples/subscriber/main.go nats://127.0.0.1:4222 data/keys/nats/analyst.nk
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
	nc, err := nats.Connect(os.Args[1], seed, nats.CustomInboxPrefix("_INBOX_analyst"))
	if err != nil {
		log.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
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
