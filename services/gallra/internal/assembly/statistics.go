package assembly

import (
	"gallra.se/libs/pg"
	statistics "gallra.se/services/statistics-pseudonymiser"
)

func statisticsMigrations() []pg.Migration { return statistics.Migrations() }

func newStatistics(p *parts) (service, error) {
	return statistics.New(statistics.Deps{
		Instance: p.Instance, Listener: p.Listener, DB: p.DB, Keys: p.Keys, NC: p.NC, Stats: p.Stats,
		Clock: p.Clock, Policy: p.Policy, Log: p.Log, Simulated: p.Simulated,
	})
}
