package connect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/credentials"
)

// server is a running nats-server, entered by those two of its users who may change what
// partners have.
type server struct {
	sys         *nats.Conn
	provisioner *nats.Conn
	js          jetstream.JetStream
}

// errDown says that no server answers: what was written counts when it starts.
var errDown = errors.New("the nats-server does not run")

func (d Desk) server() (*server, error) {
	s := &server{}
	if _, err := os.Stat(d.Folder.Seed(credentials.SysUser)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w and never has", errDown)
	}
	for user, into := range map[string]**nats.Conn{credentials.SysUser: &s.sys, "provisioner": &s.provisioner} {
		login := assembly.Nats{URL: d.URL, SeedFile: d.Folder.Seed(user), User: user, CA: d.Folder.CA()}
		nc, err := assembly.Connect(login, "connect", slog.New(slog.DiscardHandler))
		if err != nil {
			s.close()
			if errors.Is(err, nats.ErrNoServers) {
				return nil, fmt.Errorf("%w at %s", errDown, d.URL)
			}
			return nil, err
		}
		*into = nc
	}
	js, err := jetstream.New(s.provisioner)
	s.js = js
	return s, err
}

func (s *server) close() {
	for _, nc := range []*nats.Conn{s.sys, s.provisioner} {
		if nc != nil {
			nc.Close()
		}
	}
}

// reloadTimeout is how long (Pace) the server may take to read its configuration.
const reloadTimeout = 10 * time.Second

// reload has the server read its configuration again. It does so twice: what an account
// imports takes effect only when the server knows the account already (2.15.2).
func (s *server) reload(ctx context.Context) error {
	for range 2 {
		ctx, cancel := context.WithTimeout(ctx, reloadTimeout)
		answer, err := s.sys.RequestWithContext(ctx, "$SYS.REQ.SERVER."+s.sys.ConnectedServerId()+".RELOAD", nil)
		cancel()
		if err != nil {
			return fmt.Errorf("ask the nats-server to read its configuration again: %w", err)
		}
		var said struct {
			Error *struct {
				Description string `json:"description"`
			} `json:"error"`
		}
		if err := json.Unmarshal(answer.Data, &said); err != nil {
			return fmt.Errorf("read the nats-server's answer: %w", err)
		}
		if said.Error != nil {
			return fmt.Errorf("the nats-server refuses its new configuration and goes on with the old: %s", said.Error.Description)
		}
	}
	return nil
}
