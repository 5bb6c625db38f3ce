// Package clock gives the system its two times.
//
// Business is what periods are counted in: deadlines, due dates, "until when".
// It may be simulated; then it has one source, kept in PostgreSQL by a
// Coordinator and announced on NATS, and every instance follows it.
//
// Pace is what machines are paced by: polls, timeouts, retries, breakers. It is
// always real.
//
// No other package may read the machine's clock. A pure core takes now as an
// argument.
//
//	Coordinator ── clock.moved ──► Follower (one per instance) ──► Agenda, relay
//	     ▲                                                              │
//	     └────────────── node.report (settled? next deadline?) ◄── Node ┘
package clock
