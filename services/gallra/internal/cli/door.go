package cli

import (
	"context"
	"errors"
	"net"
	"os"

	"gallra.se/libs/serve"
	"gallra.se/services/gallra/internal/system"
)

// door is where a process listens.
type door struct {
	HTTP    string `name:"http" required:"" env:"GALLRA_HTTP" help:"HOST:PORT or unix:PATH to listen on." placeholder:"ADDRESS"`
	TLSCert string `name:"tls-cert" type:"existingfile" env:"GALLRA_TLS_CERT" help:"Certificate to serve HTTPS with; plain HTTP without one." placeholder:"FILE"`
	TLSKey  string `name:"tls-key" type:"existingfile" env:"GALLRA_TLS_KEY" help:"Its private key." placeholder:"FILE"`
}

// open runs what answers behind the door.
func (d door) open(ctx context.Context, run func(net.Listener) error) error {
	listener, err := d.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close()
	return run(listener)
}

func (d door) listen(ctx context.Context) (net.Listener, error) {
	listener, err := system.ListenOn(ctx, d.HTTP)
	if err != nil {
		return nil, err
	}
	secured, err := serve.TLS(listener, d.TLSCert, d.TLSKey)
	if err != nil {
		listener.Close()
		return nil, err
	}
	return secured, nil
}

// clockKind says what time a process counts in. Both variables at once are a contradiction
// that no process starts with: in production nobody may move the clock.
type clockKind struct {
	Simulated  bool `env:"GALLRA_SIMULATED" help:"Follow a simulated clock."`
	Production bool `env:"GALLRA_PRODUCTION" help:"Refuse whatever has no place in production, such as a simulated clock."`
}

var errSimulatedProduction = errors.New("GALLRA_PRODUCTION is set: a clock that can be moved has no place there; leave out GALLRA_SIMULATED, or GALLRA_PRODUCTION")

func (c clockKind) allowed() error {
	if c.Production && c.Simulated {
		return errSimulatedProduction
	}
	return nil
}

// instanceName is the given name or the host's, which in a container is the container's id.
func instanceName(given string) string {
	if given != "" {
		return given
	}
	if host, err := os.Hostname(); err == nil && host != "" {
		return host
	}
	return "1"
}
