// Package receipt is the file that proves one act of a public authority: that a
// record was destroyed, or that data were handed out, and when, by which rule.
//
// A receipt has exactly one form, so that no byte of it can be changed
// unnoticed, not even one that carries no meaning:
//
//	gallra receipt v1
//	leaf: disposed
//	record: 2f0c1c9e-…                  a random id, and nothing a person could be found by
//	authority: arbetsformedlingen
//	category: contact.phone-log
//	rule: AFC-10
//	trigger: contact-ended
//	due-on: 2025-05-01                  gone from 00:00 of this civil date in the authority's zone
//	due-at: 2025-04-30T22:00:00Z        that instant
//	removed-at: 2025-04-30T22:00:00.4Z  readers lost it
//	unrecoverable-at: …                 the last key that could open any copy was destroyed
//	policy: 2024-1
//	commitment: …                       its salt died with the record's key
//	index: 41
//	proof: …                            one line per hash, RFC 6962, lowest first
//
//	gallra.se/ledger                    the signed checkpoint (C2SP tlog-checkpoint, signed-note)
//	60
//	…
//
//	— gallra.se/ledger …
//
// The lines from `leaf` on to the one before `index` are the leaf of the log,
// byte for byte. Leaves of the kinds `delivered`, `sealed` and `extract` have other
// lines: see forms.
//
// A witness, another party than the ledger, may have signed the checkpoint too: a
// second signature follows the first. Whoever gives Verify that party's key demands
// it, and then no bit of the file may differ; without, the second signature is the
// one line in which a bit may, and it proves nothing.
//
// VerifyConsistency checks that of two checkpoints the younger continues the log of
// the older one: nothing was changed or taken out in between.
//
// Parse refuses any file that Format would not write again byte for byte.
// Verify needs the file and the ledger's public key: no system, no network, no
// clock. The package imports the standard library and golang.org/x/mod alone,
// so that an outsider can read all that a verdict rests on.
package receipt
