// Package tiles is the log as files that anyone may read, keep and check: the
// layout of C2SP tlog-tiles, and the check of a whole log by it.
//
//	checkpoint                 the newest signed note
//	tile/0/000                 256 leaf hashes, 32 bytes each
//	tile/0/x001/234.p/7        the first 7 of tile 1234
//	tile/1/000                 each hash stands for a full tile of the level below
//	tile/entries/000           the leaves themselves, each after its length in two bytes
//
// What is in a full tile never changes, nor what is in a partial one: it may be
// kept for good, and copied anywhere. Hashes are for everyone. Entries hold random
// ids and codes, no personal data; the ledger gives them to operators alone, since
// the ids of protected persons' records are not for everyone (AFG-10).
//
// The package imports the standard library, golang.org/x/mod and package receipt.
// It reads through a Source and knows no network and no disk.
package tiles
