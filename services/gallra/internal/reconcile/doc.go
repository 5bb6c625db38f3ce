// Package reconcile proves, from what the services say of themselves, that nothing was
// lost between them: every event that was committed is in its stream, every inbox knows
// every event of every outbox that its service is there for, every stream is read to its
// end by instances that leave no partition out, nothing is parked, the ledger computes to
// what it signed, and what was stored is either living or has a receipt.
//
// It asks and compares. It mends nothing.
package reconcile
