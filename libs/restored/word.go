package restored

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Word is what the witness says was done: a leaf of its log, without the person. Random ids and codes.
type Word struct {
	Index      int64     `json:"index"`
	Kind       string    `json:"kind"` // disposed, delivered, …
	Authority  string    `json:"authority"`
	Record     uuid.UUID `json:"record"`
	Category   string    `json:"category,omitempty"`
	Rule       string    `json:"rule"`
	Trigger    string    `json:"trigger,omitempty"`
	DueOn      string    `json:"dueOn,omitempty"` // civil date in the authority's zone
	DueAt      time.Time `json:"dueAt,omitzero"`
	DoneAt     time.Time `json:"doneAt,omitzero"` // when readers lost it, or when it was delivered
	Policy     string    `json:"policy"`
	Commitment []byte    `json:"commitment,omitempty"`
	Protected  bool      `json:"protected,omitempty"` // for appointed officers alone
}

// Asked is the question to the witness: leaves from an index on, at most Limit of them.
type Asked struct {
	From  int64 `json:"from"`
	Limit int   `json:"limit"`
}

// Answer is what it says: how many leaves its log has, and those asked for, in order.
type Answer struct {
	Size  int64  `json:"size"`
	Words []Word `json:"words"`
}

// Most is how many words an answer may have.
const Most = 1000

// keep stores the words of one answer and how far the log was heard with them.
func keep(ctx context.Context, tx pgx.Tx, size int64, words []Word) error {
	batch := &pgx.Batch{}
	for _, w := range words {
		batch.Queue(`INSERT INTO restored_word (authority, index, kind, record, category, rule, trigger, due_on, due_at, done_at, policy, commitment, protected)
			VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, '')::date, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
			w.Authority, w.Index, w.Kind, w.Record, w.Category, w.Rule, w.Trigger, w.DueOn, instant(w.DueAt), instant(w.DoneAt), w.Policy,
			orEmpty(w.Commitment), w.Protected)
	}
	heard := size
	if n := len(words); n > 0 {
		heard = words[n-1].Index + 1
	}
	batch.Queue(`UPDATE restored_mark SET heard = $1, until = $2`, heard, size)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("keep %d words: %w", len(words), err)
	}
	return nil
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func orEmpty(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
