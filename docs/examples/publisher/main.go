// Publisher hands one contact in, as another system of the authority does: a request on core NATS, never a stream.
// The answer is what was stored, or a problem document that says what is wrong.
//
//	go run docs/examples/publisher/main.go nats://127.0.0.1:4222 data/keys/nats/outside.nk
package main

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/nats-io/nats.go"
)

func main() {
	seed, err := nats.NkeyOptionFromSeed(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	nc, err := nats.Connect(os.Args[1], seed, nats.CustomInboxPrefix("_INBOX_outside"))
	if err != nil {
		log.Fatal(err)
	}
	defer nc.Close()
	now := time.Now()
	contact := fmt.Sprintf(`{"id": "example-%d", "kind": "contact", "at": %q, "authority": "arbetsformedlingen", "channel": "phone",
		"identified": false, "startedAt": %[2]q, "endedAt": %[2]q, "line": "national", "fields": {"phoneNumber": "+46701740605"}}`,
		now.UnixNano(), now.Format(time.RFC3339))
	answer, err := nc.Request("in.arbetsformedlingen.contact", []byte(contact), 10*time.Second)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(answer.Data))
}
