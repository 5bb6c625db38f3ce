package embedded

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Nats is a nats-server in this process.
type Nats struct{ server *server.Server }

// StartNats runs the server on the written configuration. listen is HOST:PORT; port 0
// takes a free one.
func StartNats(l Layout, listen string) (*Nats, error) {
	if err := free(listen); err != nil {
		return nil, err
	}
	path, err := l.WriteNatsConf(listen)
	if err != nil {
		return nil, err
	}
	options, err := server.ProcessConfigFile(path)
	if err != nil {
		return nil, fmt.Errorf("read NATS configuration: %w", err)
	}
	if options.Port == 0 {
		options.Port = server.RANDOM_PORT
	}
	options.NoSigs = true
	options.LogFile = filepath.Join(l.Logs(), "nats.log")
	ns, err := server.NewServer(options)
	if err != nil {
		return nil, fmt.Errorf("make nats-server: %w", err)
	}
	ns.ConfigureLogger()
	ns.Start()
	if !ns.ReadyForConnections(10 * time.Second) {
		ns.Shutdown()
		return nil, fmt.Errorf("nats-server is not ready after 10 seconds: see %s", options.LogFile)
	}
	return &Nats{server: ns}, nil
}

// free looks before the server does: it ends the whole process when its address is taken.
func free(address string) error {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program: stop it, or give --nats another address", address)
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", address, err)
	}
	return listener.Close()
}

// URL is where other processes connect.
func (n *Nats) URL() string { return n.server.ClientURL() }

// InProcess lets a connection of this process skip the network.
func (n *Nats) InProcess() *server.Server { return n.server }

// Stop ends the server and waits until its streams are closed.
func (n *Nats) Stop() {
	n.server.Shutdown()
	n.server.WaitForShutdown()
}
