package assembly

import (
	"gallra.se/libs/pg"
	caselinker "gallra.se/services/case-linker"
)

func caseLinkerMigrations() []pg.Migration { return caselinker.Migrations() }

func newCaseLinker(p *parts) (service, error) {
	return caselinker.New(caselinker.Deps{
		Instance: p.Instance, Listener: p.Listener, DB: p.DB, Keys: p.Keys, NC: p.NC, Clock: p.Clock,
		Policy: p.Policy, Bearer: p.Bearer, Log: p.Log, Simulated: p.Simulated,
	})
}
