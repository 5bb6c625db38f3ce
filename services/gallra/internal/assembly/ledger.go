package assembly

import (
	"gallra.se/libs/pg"
	"gallra.se/services/ledger"
)

func ledgerMigrations() []pg.Migration { return ledger.Migrations() }

func newLedger(p *parts) (service, error) {
	return ledger.New(ledger.Deps{
		Config:   ledger.Config{KeyFile: p.LedgerKey, WitnessKeyFile: p.LedgerWitness},
		Instance: p.Instance, Listener: p.Listener, DB: p.DB, NC: p.NC, Clock: p.Clock, Bearer: p.Bearer, Log: p.Log,
	})
}
