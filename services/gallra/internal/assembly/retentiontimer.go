package assembly

import (
	"gallra.se/libs/pg"
	retentiontimer "gallra.se/services/retention-timer"
)

func retentionTimerMigrations() []pg.Migration { return retentiontimer.Migrations() }

func newRetentionTimer(p *parts) (service, error) {
	return retentiontimer.New(retentiontimer.Deps{
		Instance: p.Instance, Listener: p.Listener, DB: p.DB, NC: p.NC, Clock: p.Clock, Policy: p.Policy,
		Bearer: p.Bearer, Log: p.Log, Simulated: p.Simulated,
	})
}
