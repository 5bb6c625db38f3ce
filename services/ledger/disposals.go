package ledger

import (
	"context"
	"encoding/json"
	"time"

	"gallra.se/libs/problem"
	"gallra.se/libs/restored"
	"gallra.se/libs/strict"
	"gallra.se/services/ledger/internal/store"
	"gallra.se/services/ledger/receipt"
)

// disposals is ask.ledger.disposals: what was destroyed and delivered from an index on, for a service
// that was brought back from a backup and must not serve what has gone since. The answer holds what
// the leaves hold: random ids and codes.
func (p *parts) disposals(ctx context.Context, question []byte) ([]byte, error) {
	asked, err := askedOf(question)
	if err != nil {
		return nil, err
	}
	said := restored.Answer{Words: []restored.Word{}}
	if said.Size, err = store.Size(ctx, p.DB); err != nil {
		return nil, err
	}
	leaves, err := store.Leaves(ctx, p.DB, store.Wanted{After: asked.From - 1, Below: said.Size, Limit: asked.Limit})
	if err != nil {
		return nil, err
	}
	hidden, err := store.Concealed(ctx, p.DB, leaves)
	if err != nil {
		return nil, err
	}
	for _, row := range leaves {
		leaf, err := receipt.ParseLeaf(row.Text)
		if err != nil {
			return nil, err
		}
		said.Words = append(said.Words, restored.Word{Index: row.Index, Kind: row.Kind, Authority: row.Authority, Record: row.Record,
			Category: leaf.Category, Rule: leaf.Rule, Trigger: leaf.Trigger, DueOn: leaf.DueOn, DueAt: leaf.DueAt, DoneAt: doneAt(leaf),
			Policy: leaf.Policy, Commitment: leaf.Commitment, Protected: hidden[row.Record]})
	}
	return json.Marshal(said)
}

func askedOf(question []byte) (asked restored.Asked, err error) {
	if err := strict.Decode(question, &asked); err != nil {
		return asked, err
	}
	if asked.From < 0 {
		return asked, problem.OnField("invalid-field", "from")
	}
	if asked.Limit < 1 || asked.Limit > restored.Most {
		return asked, problem.OnField("invalid-field", "limit")
	}
	return asked, nil
}

// doneAt is when readers lost a record, a recipient had it, or a package or an extract was made.
func doneAt(l receipt.Leaf) time.Time {
	switch l.Kind {
	case receipt.Delivered:
		return l.DeliveredAt
	case receipt.Sealed:
		return l.SealedAt
	case receipt.Extracted:
		return l.IssuedAt
	}
	return l.RemovedAt
}
