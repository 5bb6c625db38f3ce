// Package bus brings events from JetStream to a service's handlers, each once
// and in the order of its partition, although JetStream promises neither.
//
//	stream ── ordered consumer (whole stream, no acknowledgement) ──► batch
//	   one transaction: lock positions FOR UPDATE
//	                    skip what a position has passed, or the inbox knows
//	                    apply handlers, move positions
//
// A consumer's position lives in its own PostgreSQL, one row per stream
// incarnation and partition: lease, fence and position in one. Two instances of
// a service may both read; the row lock makes one of them apply and the other
// pass over. The inbox (event ids) catches what was stored twice.
//
// A transient fault is retried in place. A permanent refusal (Refuse) parks the
// event with its partition key: later events of the same key queue behind it,
// other keys go on. Order between streams never holds; handlers commute.
package bus
