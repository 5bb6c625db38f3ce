package connect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gallra.se/services/gallra/internal/connect"
)

const startingSnippet = `# the command line of NATS
export NATS_URL=tls://nats.example:4222 NATS_NKEY=secrets/nats/partner-kund.nk NATS_CA=secrets/ca.pem
nats req in.arbetsformedlingen.contact "$(cat contact.json)"
nats --js-domain gallra consumer next EV_CASE partner-kund --count 10

// Go, with github.com/nats-io/nats.go
seed, err := nats.NkeyOptionFromSeed("secrets/nats/partner-kund.nk")
nc, err := nats.Connect("tls://nats.example:4222", seed, nats.RootCAs("secrets/ca.pem"))
answer, err := nc.Request("in.arbetsformedlingen.contact", contact, 10*time.Second)
js, err := jetstream.NewWithDomain(nc, "gallra")
events, err := js.Consumer(ctx, "EV_CASE", "partner-kund")
reading, err := events.Consume(func(m jetstream.Msg) { /* … */ m.Ack() })
`

func TestAPartnerBeginsWithWhatItWasGiven(t *testing.T) {
	t.Parallel()
	partner, err := connect.Ask("kund", []string{af + "/contact"}, []string{af + "/case.closed"})
	if err != nil {
		t.Fatal(err)
	}
	given := connect.Given{Partner: partner, Reads: partner.Readers(), Nats: "tls://nats.example:4222",
		Seed: "secrets/nats/partner-kund.nk", CA: "secrets/ca.pem"}
	text, err := given.Snippet()
	if diff := cmp.Diff(startingSnippet, text); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
