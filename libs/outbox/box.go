package outbox

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/clock"
	"gallra.se/libs/trace"
)

// Migrations make the outbox tables (directory "migrations", version table
// "outbox_version").
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Config says who writes and where it is relayed to.
type Config struct {
	Service  string // the producing service, part of every source
	Context  string // the third token of every subject
	Stream   string // the JetStream stream of that context
	Business clock.Business
	// Watermarks lets the relay say how far its stream has come: for services
	// whose word a disposal waits for (D8 b).
	Watermarks bool
	// KeyClosed, where set, hears of a transport key to which something was sealed
	// that could not be appended any more, so that it is asked for anew.
	KeyClosed func(keyID string)
}

// Box appends events to the outbox of one service.
type Box struct {
	cfg     Config
	wake    chan struct{}
	pending atomic.Bool // this process has committed rows that its relay has not looked for
}

// New makes the box of a service.
func New(cfg Config) *Box { return &Box{cfg: cfg, wake: make(chan struct{}, 1)} }

// Append writes events in the transaction of the change that they tell of. It
// first raises the version of each aggregate that a partition key names, so
// that ids of one key follow the row lock, and then reads the business time.
// ErrKeyClosed when a draft was sealed to a key that has been given up meanwhile.
// Call Committed after the commit.
func (b *Box) Append(ctx context.Context, tx pgx.Tx, drafts ...Draft) error {
	if len(drafts) == 0 {
		return nil
	}
	ctx, span := trace.Begin(ctx, trace.Producer, "append ", b.cfg.Stream)
	err := b.append(ctx, tx, unlinked(traced(ctx, span, drafts)))
	span.End(err)
	return err
}

func (b *Box) append(ctx context.Context, tx pgx.Tx, drafts []Draft) error {
	versions, err := raise(ctx, tx, drafts)
	if err != nil {
		return fmt.Errorf("raise aggregate version: %w", err)
	}
	now := b.cfg.Business.Now()
	ids, subjects, payloads := make([]uuid.UUID, len(drafts)), make([]string, len(drafts)), make([][]byte, len(drafts))
	keys := make([]*string, len(drafts))
	for i, d := range drafts {
		if ids[i], err = d.id(); err != nil {
			return fmt.Errorf("draw id of %s: %w", d.Type, err)
		}
		if payloads[i], err = d.encode(b.cfg.Service, ids[i], versions[i], now); err != nil {
			return fmt.Errorf("encode %s: %w", d.Type, err)
		}
		subjects[i] = subjectOf(b.cfg.Context, d)
		if d.KeyID != "" {
			keys[i] = &d.KeyID
		}
	}
	batch := &pgx.Batch{}
	batch.Queue(`
		INSERT INTO outbox (event, subject, payload, key_id)
		SELECT event, subject, payload, key_id
		FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[]) WITH ORDINALITY AS d(event, subject, payload, key_id, n)
		ORDER BY n`, ids, subjects, payloads, keys)
	open := lookAtKeys(batch, keysOf(drafts))
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("append events: %w", err)
	}
	closed, err := open.first()
	if err != nil && b.cfg.KeyClosed != nil {
		b.cfg.KeyClosed(closed)
	}
	return err
}

// Committed wakes the relay. Call it before the work counts as done.
func (b *Box) Committed() {
	b.pending.Store(true)
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// traced gives each draft the trace that it continues; the span names those that
// are not its own.
func traced(ctx context.Context, span trace.Span, drafts []Draft) []Draft {
	out, own := slices.Clone(drafts), trace.Traceparent(ctx)
	for i := range out {
		span.Concerns(out[i].Trace)
		if out[i].Trace == "" {
			out[i].Trace = own
		}
	}
	return out
}

func unlinked(drafts []Draft) []Draft {
	for i := range drafts {
		drafts[i] = drafts[i].unlink()
	}
	return drafts
}

// raise counts each key up by its number of drafts, in key order so that two
// writers cannot wait for each other, and gives each draft its version.
func raise(ctx context.Context, tx pgx.Tx, drafts []Draft) ([]int64, error) {
	counts := map[string]int64{}
	for _, d := range drafts {
		if !d.Unlinkable {
			counts[d.Key]++
		}
	}
	tops, err := bump(ctx, tx, counts)
	if err != nil {
		return nil, err
	}
	versions := make([]int64, len(drafts))
	for i, d := range drafts {
		if !d.Unlinkable {
			counts[d.Key]--
			versions[i] = tops[d.Key] - counts[d.Key]
		}
	}
	return versions, nil
}
