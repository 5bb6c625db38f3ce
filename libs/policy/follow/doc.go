// Package follow keeps a service's packs on the newest activation. The text of every activated pack is in the service's own
// database, so that an instance that starts tomorrow counts as the others do today.
//
//	policy.activated ── Handle ──► policy_activation ── Refresh ──► Set
//	                                     ▲
//	retention-timer ──── Store ──────────┘
//
// The table is what counts: whichever instance reads the event stores it for all, and every instance refreshes its Set every
// few seconds, before it reports how far it is, and when Ensure meets a version that it does not know. A pack that does not
// parse is never stored; one that this binary cannot read (a newer one wrote it) is complained about, and the last good one
// stays.
package follow
