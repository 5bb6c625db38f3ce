package control

import (
	"log/slog"
	"net/http"

	"github.com/nats-io/nats.go"

	"gallra.se/libs/bearer"
	"gallra.se/services/gallra/internal/assembly"
	"gallra.se/services/gallra/internal/keys"
	"gallra.se/services/gallra/internal/reconcile"
	"gallra.se/services/gallra/internal/sim"
)

// Routes are the same in a process of their own and in one with everything else. nc is the
// user `operator`; simulation is nil where the clock is real.
func Routes(nc *nats.Conn, simulation *sim.Handler, v *bearer.Verifier, log *slog.Logger) map[string]http.Handler {
	held := (&keys.Handler{NC: nc, Holders: assembly.Holders(), Log: log}).Behind(v)
	routes := map[string]http.Handler{
		keys.Path:       held,
		keys.RotatePath: held,
		reconcile.Path:  (&reconcile.Handler{NC: nc, Awaited: assembly.Clocked(), Log: log}).Behind(v),
	}
	if simulation != nil {
		routes["/sim/"] = simulation.Routes(v)
	}
	return routes
}
