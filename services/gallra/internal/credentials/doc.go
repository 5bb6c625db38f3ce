// Package credentials makes and keeps one folder of secrets: what every part of a system
// needs to be let in by the others, and nothing more than that.
//
//	nats/USER.nk          the secret key of a NATS user
//	databases/ROLE        the password of a database role
//	databases/superuser-* of each PostgreSQL server (a deployment's only)
//	tokens.pem            signs bearer tokens; tokens.pub.pem verifies them
//	console-tokens.pem    signs those of officers, for the console; console-tokens.pub.pem verifies them
//	oidc-client-secret    the console's at the OpenID provider, of the operator's making
//	partners/NAME.json    what another system was given (Partner)
//	ca.pem, ca.key, tls/  who a server is (a deployment's only)
//
// Users is the list of logins at the nats-server with all that each may do. Accounts
// writes it, with the partners, as the part of the server's configuration that
// `gallra connect` replaces while the server runs.
//
// `gallra up` keeps the folder closed to everyone but its owner. A deployment's folder is
// closed at its top only: below, containers must read with users of their own. A file is
// written whole or not at all, what is there is kept, and what is damaged or open to
// others is an error that names it and says what to do.
package credentials
