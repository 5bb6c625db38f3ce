// Package restored keeps a service that was brought back from a backup away from its readers until
// it has carried out, on its rows, what was destroyed after the backup was taken.
//
//	restore ──► mark in the database ──► the service starts: not ready ──► words of the witness heard
//	  ──► Replay: rows whose key is gone go too ──► one transaction: mark and words gone ──► ready
//
// The mark lies in the restored database itself, so that no start, crash or second instance goes by
// without it. The words are what an append-only log says was done since; they are heard in order, and
// how far is kept with them, so that a crash anywhere is taken up where it was. What a word means for
// a row is the service's to know.
package restored
