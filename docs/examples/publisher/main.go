// Publisher hands one contact in, as another system does: a request on core NATS, never a stream. The answer is what was
// stored, or a problem document that says what is wrong. `gallra connect add NAME --publish arbetsformedlingen/contact`
// makes its seed; the CA is for a server that is reached by tls://.
//
//	go run docs/examples/publisher/main.go nats://127.0.0.1:4222 data/keys/nats/partner-NAME.nk [ca.pem]
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
	options := []nats.Option{seed}
	if len(os.Args) > 3 {
		options = append(options, nats.RootCAs(os.Args[3]))
	}
	nc, err := nats.Connect(os.Args[1], options...)
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
