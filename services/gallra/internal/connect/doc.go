// Package connect is how another system becomes a partner: it may hand in some kinds of
// lines and read some types of events, of named authorities, and nothing else.
//
//	add     check what is asked ──► consumers in CORE ──► partners/NAME.json, seed, accounts
//	        ──► the nats-server reads its configuration again ──► tokens for HTTP
//	revoke  the account goes ──► the server reads again and closes its connections
//	        ──► consumers go
//
// A partner has an account of its own at the nats-server. It reads by durable consumers
// that are made for it and that it cannot change: why, is in docs/adr/0009. Nothing here
// can undo a bearer token before its day; Revoke says until when one may be valid.
package connect
