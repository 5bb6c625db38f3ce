package assembly

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/services/gallra/internal/embedded"
)

// Connect logs in and stays: a lost connection is taken up again for as long as the
// process lives. Denials are logged with the subject, which names nobody.
func Connect(login Nats, name string, log *slog.Logger) (*nats.Conn, error) {
	seed, err := nats.NkeyOptionFromSeed(login.SeedFile)
	if err != nil {
		return nil, fmt.Errorf("read the NATS key of %s: %w", name, err)
	}
	options := []nats.Option{
		seed, nats.Name("gallra/" + name), nats.CustomInboxPrefix(embedded.InboxPrefix(login.User)),
		nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond), nats.Timeout(5 * time.Second),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			log.Warn("nats", "user", login.User, "error", err.Error())
		}),
	}
	if login.Server != nil {
		options = append(options, nats.InProcessServer(login.Server))
	}
	nc, err := nats.Connect(login.URL, options...)
	if err != nil {
		return nil, fmt.Errorf("connect %s to NATS: %w", name, err)
	}
	return nc, nil
}
