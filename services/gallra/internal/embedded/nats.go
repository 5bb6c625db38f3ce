package embedded

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"gallra.se/services/gallra/internal/credentials"
)

// Nats is a nats-server in this process.
type Nats struct{ server *server.Server }

// StartNats runs the server on the written configuration. listen is HOST:PORT; port 0
// takes a free one. The configuration then says which, so that the server can read it
// again, and others find it.
func StartNats(l Layout, listen string) (*Nats, error) {
	if err := free(listen); err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("read NATS address: %w", err)
	}
	if port == "0" {
		listen = net.JoinHostPort(host, "-1") // what 0 means elsewhere
	}
	config := credentials.NatsServer{Listen: listen, Store: l.Nats(), Log: filepath.Join(l.Logs(), "nats.log")}
	ns, err := start(l, config)
	if err != nil {
		return nil, err
	}
	config.Listen = net.JoinHostPort(host, strconv.Itoa(ns.Addr().(*net.TCPAddr).Port))
	if _, err := l.Credentials().WriteNatsConf(config); err != nil {
		ns.Shutdown()
		return nil, err
	}
	return &Nats{server: ns}, nil
}

func start(l Layout, config credentials.NatsServer) (*server.Server, error) {
	path, err := l.Credentials().WriteNatsConf(config)
	if err != nil {
		return nil, err
	}
	options, err := server.ProcessConfigFile(path)
	if err != nil {
		return nil, fmt.Errorf("read NATS configuration: %w", err)
	}
	options.NoSigs = true
	ns, err := server.NewServer(options)
	if err != nil {
		return nil, fmt.Errorf("make nats-server: %w", err)
	}
	ns.ConfigureLogger()
	ns.Start()
	if !ns.ReadyForConnections(10 * time.Second) {
		ns.Shutdown()
		return nil, fmt.Errorf("nats-server is not ready after 10 seconds: see %s", config.Log)
	}
	return ns, nil
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
