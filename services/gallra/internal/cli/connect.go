package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/connect"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
)

// connectTarget is whose partners a command is about: a folder on this machine.
type connectTarget struct {
	target
	asJSON
	Dir  string `env:"GALLRA_SECRETS" help:"Folder of the secrets of a deployment in containers." placeholder:"DIR"`
	Data string `help:"Data directory of gallra up." placeholder:"DIR"`
	Nats string `help:"Address of the nats-server; by default the one that the system on this machine has." placeholder:"URL"`
}

// desk finds the folder: the given one, or that of the system at --url on this machine.
func (c connectTarget) desk() (connect.Desk, error) {
	found, ok, err := client.Find(c.URL)
	if err != nil {
		return connect.Desk{}, err
	}
	dir, data := c.Dir, c.Data
	if data != "" {
		dir = "" // which may come from the environment
	}
	if dir == "" && data == "" {
		if !ok {
			return connect.Desk{}, fmt.Errorf("no system on this machine has left its place for %s: give --data DIR (gallra up), or --dir DIR (containers)", c.URL)
		}
		dir, data = found.Secrets, found.DataDir
	}
	desk, err := deskOf(dir, data)
	if err != nil {
		return desk, err
	}
	switch {
	case c.Nats != "":
		desk.URL = c.Nats
	case desk.URL == "" && same(found.Secrets, dir):
		desk.URL = found.Nats.URL
	case desk.URL == "":
		desk.URL = "tls://127.0.0.1:4222"
	}
	return desk, nil
}

// deskOf refuses a folder that holds no system's secrets, before any are made there.
func deskOf(dir, data string) (connect.Desk, error) {
	if dir != "" {
		folder := credentials.Shared(dir)
		if _, err := os.Stat(folder.CA()); err != nil {
			return connect.Desk{}, fmt.Errorf("%s holds no secrets of a deployment: run `gallra deploy secrets --dir %s` first: %w", dir, dir, err)
		}
		return connect.Desk{Folder: folder}, nil
	}
	layout := embedded.Layout{Dir: data}
	if _, err := os.Stat(layout.TokenKey()); err != nil {
		return connect.Desk{}, fmt.Errorf("%s is no data directory of gallra up: %w", data, err)
	}
	desk := connect.Desk{Folder: layout.Credentials(), URL: "nats://127.0.0.1:4222"}
	if at, ok := desk.Folder.Listens(); ok {
		desk.URL = "nats://" + strings.Replace(at, "0.0.0.0", "127.0.0.1", 1)
	}
	return desk, nil
}

func same(a, b string) bool {
	left, err := filepath.Abs(a)
	right, err2 := filepath.Abs(b)
	return a != "" && err == nil && err2 == nil && left == right
}
