// Package backup takes a deployment's things away in pieces and brings them back, in such a way that what was destroyed
// in between stays destroyed.
//
//	piece       what                                  kept                       restored from
//	data        the services' databases               N days                     any copy
//	statistics  the statistics database               newest copy only           the newest copy
//	keys        the key databases                     newest copy only           the newest copy
//	keystore    the root keys                         newest copy only           the newest copy
//	ledger      the log, its signing key, the clock   for good                   the newest copy
//
// Streams are no piece: what they carry lies in the outboxes for longer than a stream keeps it, and a restored system rebuilds
// them from there.
//
// Each piece lies in a folder of its own (PIECE/ID), complete or not there at all, with a manifest that names every file with
// its digest. An older copy of keys or keystore would bring back what was destroyed since, so there is none: a new one takes
// the place of the last, which is overwritten.
//
// The databases are read as of one moment: a snapshot of each is opened before any is read, consumers before producers, so
// that what is cut in between is an event that was not applied yet, which is published again, and not one that was applied
// and never happened; key databases last, so that no row is without its key. Restored databases bear a mark (libs/restored):
// their services serve nobody before they have replayed what the ledger says was destroyed since.
//
// Everything goes through PostgreSQL's COPY, so that neither side needs PostgreSQL's programs. A backup made by an older
// program is restored into the tables of then and migrated from there.
package backup
