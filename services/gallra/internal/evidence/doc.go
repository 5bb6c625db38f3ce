// Package evidence checks what the ledger hands out, as somebody does who does not
// trust it: receipts, two checkpoints of different days, and the whole log, by the
// network or from files that were saved. It decides nothing itself: the checks are
// packages receipt and tiles of the ledger, which an outsider can read alone.
//
// A verdict and a failure to look are two things. What does not verify is an error
// of package receipt or a Fault; anything else says nothing about the log.
package evidence
