package assembly

import (
	"gallra.se/libs/pg"
	"gallra.se/services/intake"
)

func intakeMigrations() []pg.Migration { return intake.Migrations() }

func newIntake(p *parts) (service, error) {
	return intake.New(intake.Deps{
		Instance: p.Instance, Listener: p.Listener, DB: p.DB, Keys: p.Keys, NC: p.NC, Clock: p.Clock,
		Policy: p.Policy, Bearer: p.Bearer, EIDKeys: p.EIDKeys, Log: p.Log, Simulated: p.Simulated,
	})
}
