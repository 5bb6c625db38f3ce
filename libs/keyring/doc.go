// Package keyring keeps the keys that make data unreadable when they go
// (DESIGN D6). It knows units, pages and generations, and nothing of what a
// service encrypts.
//
//	root key (generation g)      the Keystore, outside PostgreSQL
//	  └─ page table              key database: shelves of ≤ 256 page keys under the root
//	       └─ page key
//	            └─ unit key      what goes at one time: a contact, a share, a person's identity
//	                 └─ data key one per box, wrapped inside the box
//
// A page of a day holds what was created that day and dies whole; a shared page
// holds at most 64 units, so that a destruction re-wraps few. The buckets of the
// look-ups, tombstones and transport keys have page keys of their own.
//
// The promise: when End (or Destroy) returns, no copy of any database or second
// medium made before it can open what was destroyed, or say of which value an
// entry was, by anyone without a copy of the keystore made before it. Deleted rows
// stay in heap, WAL and backups; what they were encrypted under does not:
//
//	lock ──► new root durable in the keystore ──► one transaction: units emptied,
//	their entries' buckets re-keyed, touched pages get new keys, the page table
//	moves under the new root ──► commit ──► copy on the second medium, read back
//	and tried ──► old root destroyed ──► unlock
//
// A crash before the commit leaves an unused root, one after it an old root and
// perhaps an old copy; Open and the next rotation end either. The key database
// alone says which generation counts. Writers of units and pages hold a shared
// advisory lock of the key database for their transaction, a rotation the exclusive
// one: unlike a row lock it is granted in order of arrival, so that a stream of
// writers cannot starve a rotation.
//
// # Parting from a unit
//
// What goes before the rest of its unit gets a unit of its own, and the old unit
// another key: Renew, re-wrap every box (Unit.Rewrap), End with OldKeys. A unit's
// digest key is kept through renewals, so that fingerprints and commitments of what
// stayed can still be computed; what parted takes its commitments from its own unit.
// What lives must still read from a data backup of before: Bequeath keeps the data
// keys of its old boxes under the key that it lives under now, Inherit reads by them.
//
// # Look-up
//
// A value is found by its HMAC, by authority and purpose. Entries lie in buckets of
// about a thousand, each with a key; beside its HMAC an entry keeps a digest of the
// value, encrypted under the same key, so that it can be moved under another. An
// ending replaces the keys of the buckets that it touched, ReplaceIndex (weekly, by
// Tend) all, with the sorter that tells which bucket a value is in. Until then an
// old entry still says in which share of all values its own was: with 1,024 buckets,
// 35,000 of 36 million numbers.
//
// # What is in memory
//
// The page table and the root key, as of one generation, and the ids of pages. Unit
// keys are unwrapped for one piece of work and not kept. Every read asks the key
// database for the rows and the generation in one statement and uses the page table
// in memory only if it is of that generation: what any process destroyed is refused
// at once, with nobody told. A process that rests looks every ten seconds (Tend) and
// forgets the keys of before.
//
// # Orphans
//
// A key is made before the row that it is for; one whose row has not come within
// an hour is destroyed by a sweep (Tend).
//
// All methods are safe for concurrent use, also by several processes on one key
// database and keystore.
package keyring
