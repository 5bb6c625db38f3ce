package assembly

import (
	"gallra.se/libs/pg"
	"gallra.se/services/console"
)

func consoleMigrations() []pg.Migration { return console.Migrations() }

func newConsole(p *parts) (service, error) {
	return console.New(console.Deps{Listener: p.Listener, NC: p.NC, Clock: p.Clock, Policy: p.Policy, Bearer: p.Bearer,
		Officers: p.Officers, Log: p.Log})
}
