// Package processes runs one child process per service: this very binary with the
// service's subcommand.
//
//	          Start                 ends by itself
//	stopped ─────────► running ──────────────────────► starting again after a pause
//	   ▲                  │
//	   └── Kill (hard) ───┴── Stop (SIGTERM, then hard)
//
// A child dies with its parent, however the parent dies (Pdeathsig), so a kill -9 of
// `gallra up` leaves nothing behind. A child that ends by itself is started again; one
// that was killed on purpose stays away until Start.
package processes
