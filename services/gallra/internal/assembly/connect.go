package assembly

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/nats-io/nats.go"

	"gallra.se/services/gallra/internal/credentials"
)

// Connect logs in and stays: a lost connection is taken up again for as long as the
// process lives. Denials are logged with the subject, which names nobody.
func Connect(login Nats, name string, log *slog.Logger) (*nats.Conn, error) {
	seed, err := nats.NkeyOptionFromSeed(login.SeedFile)
	if err != nil {
		return nil, fmt.Errorf("read the NATS key of %s: %w", name, err)
	}
	options := []nats.Option{
		seed, nats.Name("gallra/" + name), nats.CustomInboxPrefix(credentials.InboxPrefix(login.User)),
		nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond), nats.Timeout(5 * time.Second),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			log.Warn("nats", "user", login.User, "error", err.Error())
		}),
	}
	if login.CA != "" {
		options = append(options, nats.RootCAs(login.CA))
	}
	if login.Server != nil {
		options = append(options, nats.InProcessServer(login.Server))
	}
	nc, err := nats.Connect(login.URL, options...)
	if err != nil {
		return nil, fmt.Errorf("connect %s to NATS: %w", name, explained(err))
	}
	return nc, nil
}

// NatsMayCome says that a connection, or what is asked over it, may succeed later: nobody
// listens there yet, no name server knows the name yet, or JetStream is only just starting.
// An error of a file is none of these, though a system call's looks like the network's.
func NatsMayCome(err error) bool {
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) || errors.Is(err, nats.ErrAuthorization) {
		return false
	}
	return errors.Is(err, nats.ErrNoServers) || errors.Is(err, nats.ErrTimeout) || errors.Is(err, nats.ErrNoResponders) || errors.As(err, &network)
}

// explained adds what an operator can do about it.
func explained(err error) error {
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, nats.ErrAuthorization):
		return fmt.Errorf("the server does not know this key: it was started with another set of secrets, or has not read its configuration again: %w", err)
	case errors.As(err, &certificate):
		return fmt.Errorf("the server's certificate is not signed by the CA given: %w", err)
	}
	return err
}
