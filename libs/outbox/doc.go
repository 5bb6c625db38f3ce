// Package outbox writes events in the transaction that makes them true, and
// relays them to JetStream.
//
//	one transaction: state change, aggregate version + 1, outbox row
//	      │ Committed()
//	      ▼
//	relay (one per service: session advisory lock; those of other instances
//	      wake it): lowest unsent rows
//	      → atomic batch → mark exactly those rows sent
//
// There is no cursor: a row is sent because it is not marked sent. PostgreSQL
// is the system of record; a stream that is lost is published again from the
// rows, which stay for Retention. A crash between acknowledgement and mark
// sends a batch twice: JetStream refuses it (code 10201), or the consumer's
// inbox makes it once.
//
// A row keeps the transport key that its event's box is sealed to: its reader
// destroys the key when it has every such event (BeginSealing, Close, Sealed).
package outbox
