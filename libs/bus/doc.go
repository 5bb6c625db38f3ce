// Package bus brings events from JetStream to a service's handlers, each once
// and in the order of its partition, although JetStream promises neither.
//
//	stream ── ordered consumer (whole stream, no acknowledgement) ──► batch
//	   one transaction: lock positions FOR UPDATE
//	                    skip what a position has passed, or the inbox knows
//	                    apply handlers, move positions
//
// A consumer's position lives in its own PostgreSQL, one row per stream
// incarnation and partition: lease, fence and position in one. The inbox (event
// ids) catches what was stored twice.
//
// Instances of a service share the partitions. Each has a seat (a session's
// advisory lock), its rank among the seats gives it a share, and it passes over
// the rest of the stream:
//
//	seat ──► share dealt ──► readers: narrower? go on : start again at the lowest
//	                         position ──► Shared ──► the share shows in Report
//
// The share spreads the work and no more: should two instances read for one
// partition, the row lock lets one apply and the other pass over.
//
// A transient fault is retried in place. A permanent refusal (Refuse) parks the
// event with its partition key: later events of the same key queue behind it,
// other keys go on. What was parked is applied by Replay, and its box is sealed
// anew before the transport key that it was sealed to goes (ResealParked). Order
// between streams never holds; handlers commute.
package bus
