package bus

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// MaxAge is how long a stream keeps events: shorter than every promised period.
const MaxAge = 10 * 24 * time.Hour

// Provision makes the streams of the given contexts: EV_CONTACT for contact and
// so on. Streams that exist are brought to this configuration.
func Provision(ctx context.Context, js jetstream.JetStream, contexts []string) error {
	for _, c := range contexts {
		_, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name:               StreamOf(c),
			Subjects:           []string{"ev.*." + c + ".>"},
			Storage:            jetstream.FileStorage,
			Retention:          jetstream.LimitsPolicy,
			MaxAge:             MaxAge,
			MaxBytes:           2 << 30,
			Discard:            jetstream.DiscardNew,
			Duplicates:         2 * time.Minute,
			DenyDelete:         true,
			DenyPurge:          true,
			AllowAtomicPublish: true,
		})
		if err != nil {
			return fmt.Errorf("provision stream %s: %w", StreamOf(c), err)
		}
	}
	return nil
}

// StreamOf is the stream of a producing context.
func StreamOf(context string) string { return "EV_" + strings.ToUpper(context) }
