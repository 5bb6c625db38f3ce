// Package sim is what only a simulated deployment offers under /sim: its clock, the row
// ids of the statistics store, a new beginning, the stopping and starting of single
// services, and the search for strings that may lie nowhere on its disks.
//
// It owns the simulated time (libs/clock's Coordinator over the database `clock`), and it
// tells instances when to begin, to end and to empty what they keep:
//
//	instance ── sim.may-start.SERVICE ──► may it begin a life? since when is this world?
//	control  ── sim.stop.SERVICE ───────► its instances: end your life, say whether it has ended
//	control  ── sim.wipe.SERVICE ───────► one instance: empty the service's databases and keys
//	control  ── sim.kill.SERVICE ───────► its instances: end as in a crash
//
// The instance's side is package assembly's. Nothing of this is ever mounted or subscribed
// where the clock is real, and every call over HTTP needs an operator's token.
package sim
