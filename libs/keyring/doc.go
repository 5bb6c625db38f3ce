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
// holds at most 64 units, so that a destruction re-wraps few. Look-up, tombstone
// and transport keys are page keys of their own.
//
// The promise: when Destroy returns, no copy of any database made before it can
// open what was destroyed, by anyone without a copy of the keystore made before
// it. Deleted rows stay in heap, WAL and backups; what they were encrypted under
// does not:
//
//	lock ──► new root durable in the keystore ──► one transaction: units emptied,
//	touched pages get new keys, the page table moves under the new root
//	──► commit ──► old root destroyed ──► unlock
//
// A crash before the commit leaves an unused root, one after it an old root;
// Open and the next rotation remove either. The key database alone says which
// generation counts. Writers of units and pages hold a shared advisory lock of
// the key database for their transaction, a rotation the exclusive one: unlike a
// row lock it is granted in order of arrival, so that a stream of writers cannot
// starve a rotation.
//
// A key is made before the row that it is for; one whose row has not come within
// an hour is destroyed by a sweep (Tend).
//
// All methods are safe for concurrent use, also by several processes on one key
// database and keystore.
package keyring
