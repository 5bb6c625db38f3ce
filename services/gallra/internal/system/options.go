package system

import (
	"io"

	"gallra.se/services/gallra/internal/sim"
)

// Options is what `gallra up` is told.
type Options struct {
	Dir       string
	HTTP      string // HOST:PORT of the door; port 0 takes a free one
	Nats      string // HOST:PORT of the nats-server
	Clock     sim.Setting
	Processes bool
	// Production refuses a simulated clock, also one that the directory has kept.
	Production bool
	Endpoints  map[string]string // recipient → URL
	Sample     string            // journal that the first start imports; empty for none
	Out        io.Writer         // hears that the system is ready
	Err        io.Writer         // hears what takes long
}
