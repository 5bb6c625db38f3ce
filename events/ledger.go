package events

const TypeLedgerCheckpointed = "se.gallra.ledger.checkpointed.v1"

// LedgerCheckpointed: the log has Size leaves and this root, and the ledger has signed both.
type LedgerCheckpointed struct {
	Size int64  `json:"size" data:"none"`
	Root []byte `json:"root" data:"none"`
}
