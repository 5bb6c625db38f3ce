// Package embedded makes one directory into a place where a whole system can live: a
// PostgreSQL server with a role and a database per service, a nats-server with an
// account and a user per service, and the keys of both.
//
//	DIR/lock        one gallra at a time
//	DIR/postgres    the cluster
//	DIR/nats        nats.conf, accounts.conf and the streams
//	DIR/keys        what package credentials keeps, and one keystore per service; 0600
//	DIR/logs        one file per process
//	DIR/run         the services' sockets, while they run
//
// It promises that each service gets the least that it needs: its own database and key
// database, and of NATS its own subjects, the streams that it reads and an inbox of its
// own. It does not know what services do, and it runs none.
package embedded
