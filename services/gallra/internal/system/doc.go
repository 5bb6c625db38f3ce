// Package system is `gallra up`: everything on one machine and under one directory, in
// one process or in one per service.
//
//	lock ──► HTTP address ──► PostgreSQL ──► NATS ──► clock ──► services ──► door ──► ready
//
// What was started is stopped in the opposite order, whatever ends the run. The services
// are the same as anywhere (package assembly): each gets its own login at NATS, its own
// databases and its own socket, and reaches the others only over the bus.
package system
