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
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/sim"
)

type scanServerCommand struct {
	door
	BearerKey string `required:"" type:"existingfile" env:"GALLRA_BEARER_KEY" help:"Public key that bearer tokens are verified with." placeholder:"FILE"`
	Root      string `default:"/volumes" type:"existingdir" env:"GALLRA_SCAN_ROOT" help:"Folder to search." placeholder:"DIR"`
	clockKind
}

func (scanServerCommand) Help() string {
	return `Searches the volumes of a simulated deployment, mounted read-only, for strings that may lie nowhere on its disks.

  gallra scan-server --simulated --http :8080 --root /volumes --bearer-key tokens.pub.pem`
}

func (c scanServerCommand) Run(ctx context.Context) error {
	if err := c.clockKind.allowed(); err != nil {
		return err
	}
	if !c.Simulated {
		return errors.New("GALLRA_SIMULATED is not set: volumes are searched in a simulated deployment only")
	}
	key, err := credentials.ReadTokenPublicKey(c.BearerKey)
	if err != nil {
		return err
	}
	log := logs.New(os.Stdout, "scan-server")
	mux := http.NewServeMux()
	serve.Live(mux)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	mux.Handle("POST "+sim.ScanPath, sim.OperatorsOnly(bearer.NewVerifier(key), sim.Scan{Root: c.Root, Log: log}))
	log.InfoContext(ctx, "scan-server starts")
	return c.open(ctx, func(listener net.Listener) error { return serve.Run(ctx, listener, mux, log) })
}
