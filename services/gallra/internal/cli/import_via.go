package cli

import (
	"fmt"
	"log/slog"

	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/importer"
)

// sender is the way that --via names.
func (c importCommand) sender(api *client.Client, patience *client.Patience) (importer.Sender, func(), error) {
	switch c.Via {
	case "cloudevents":
		return importer.CloudEvents{Client: api}, func() {}, nil
	case "nats":
		return overNats(c.URL, patience)
	}
	return importer.HTTP{Client: api}, func() {}, nil
}

// overNats logs in as an outside system with the seed that the system has left.
func overNats(url string, patience *client.Patience) (importer.Sender, func(), error) {
	found, ok, err := client.Find(url)
	if err != nil {
		return nil, nil, err
	}
	if !ok || found.Nats.URL == "" {
		return nil, nil, fmt.Errorf("--via nats needs a system on this machine: none has left its place for %s", url)
	}
	login := assembly.Nats{URL: found.Nats.URL, SeedFile: found.Nats.Outside, User: "outside", CA: found.Nats.CA}
	nc, err := assembly.Connect(login, "import", slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	return importer.NATS{Conn: nc, Authorities: policy.Default().Authorities(), Patience: patience}, nc.Close, nil
}
