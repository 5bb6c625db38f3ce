package assembly

import (
	"gallra.se/libs/pg"
	"gallra.se/services/disclosure"
)

func disclosureMigrations() []pg.Migration { return disclosure.Migrations() }

func newDisclosure(p *parts) (service, error) {
	return disclosure.New(disclosure.Deps{
		Instance: p.Instance, Listener: p.Listener, DB: p.DB, NC: p.NC, Clock: p.Clock, Policy: p.Policy,
		Bearer: p.Bearer, Log: p.Log, Simulated: p.Simulated, Endpoints: p.Endpoints,
	})
}
