// Package pg holds what every service does with PostgreSQL and none of what a
// service keeps in it: a pool (Open), a transaction that is run again after a
// deadlock or a serialization fault (Tx), migrations with a version table per
// set (Migrate), and a local server for the embedded mode and for tests
// (Launch).
//
// It does not log, and the server that it launches logs neither statements nor
// parameters: no personal data may reach a log.
package pg
