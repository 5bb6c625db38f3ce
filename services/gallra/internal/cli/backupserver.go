package cli

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"

	"gallra.se/libs/bearer"
	"gallra.se/libs/logs"
	"gallra.se/libs/serve"
	"gallra.se/services/gallra/internal/backup"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/sim"
)

type backupServerCommand struct {
	door
	BearerKey string `required:"" type:"existingfile" env:"GALLRA_BEARER_KEY" help:"Public key that bearer tokens are verified with." placeholder:"FILE"`
	To        string `required:"" env:"GALLRA_BACKUPS" help:"Folder of all backups." placeholder:"DIR"`
	placeFlags
	clockKind
}

func (backupServerCommand) Help() string {
	return `Takes backups of a simulated deployment in containers and brings them back, for whoever plays its scenarios. The statistics'
side is not touched.

  gallra backup-server --simulated --http :8080 --to ../backups --bearer-key tokens.pub.pem --passwords databases \
    --operations 'postgres://db/?sslmode=verify-full&sslrootcert=ca.pem' --key-server postgres://keydb/ --keystore-of intake=keystore`
}

func (c backupServerCommand) Run(ctx context.Context) error {
	if err := c.clockKind.allowed(); err != nil {
		return err
	}
	if !c.Simulated {
		return errors.New("GALLRA_SIMULATED is not set: only a simulated deployment is backed up and restored from outside")
	}
	key, err := credentials.ReadTokenPublicKey(c.BearerKey)
	if err != nil {
		return err
	}
	place, err := c.place()
	if err != nil {
		return err
	}
	log := logs.New(os.Stdout, "backup-server")
	mux := http.NewServeMux()
	serve.Live(mux)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	played := backup.Simulated{Place: place, Dir: c.To, Log: log}
	mux.Handle("POST "+sim.BackupsPath, sim.OperatorsOnly(bearer.NewVerifier(key), sim.ServeBackups(played, log)))
	log.InfoContext(ctx, "backup-server starts")
	return c.open(ctx, func(listener net.Listener) error { return serve.Run(ctx, listener, mux, log) })
}
