package restored

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"gallra.se/libs/clock"
	"gallra.se/libs/fault"
	"gallra.se/libs/pg"
)

// Witness answers what was done from an index of its log on.
type Witness func(ctx context.Context, asked Asked) (Answer, error)

// Over asks a witness over NATS. marks is the header by which a reply says that it is a refusal.
func Over(nc *nats.Conn, subject, marks string) Witness {
	return func(ctx context.Context, asked Asked) (answer Answer, err error) {
		question, err := json.Marshal(asked)
		if err != nil {
			return answer, err
		}
		ctx, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		reply, err := nc.RequestWithContext(ctx, subject, question)
		if err != nil {
			return answer, fmt.Errorf("ask %s: %w", subject, err)
		}
		if refusal := reply.Header.Get(marks); refusal != "" {
			return answer, fmt.Errorf("ask %s: answered %s", subject, refusal)
		}
		if err := json.Unmarshal(reply.Data, &answer); err != nil {
			return answer, fmt.Errorf("read the answer of %s: %w", subject, err)
		}
		return answer, nil
	}
}

// answerWithin is how long (Pace) a witness may take over an answer.
const answerWithin = 30 * time.Second

// errShorter is a log that has fewer leaves than the backup knew of, or that jumps: another log, or an older copy of it.
var errShorter = errors.New("the ledger does not go on where the backup ends: bring back its newest copy")

// Hear brings every word since the backup into the database, or goes on with what was begun.
func Hear(ctx context.Context, db *pgxpool.Pool, witness Witness) error {
	for {
		m, marked, err := Marked(ctx, db)
		if err != nil || !marked {
			return err
		}
		said, err := witness(ctx, Asked{From: m.Heard, Limit: Most})
		if err != nil {
			return err
		}
		if err := inOrder(m, said); err != nil {
			return err
		}
		if err := pg.Tx(ctx, db, func(tx pgx.Tx) error { return keep(ctx, tx, said.Size, said.Words) }); err != nil {
			return err
		}
		fault.Point("restored.heard")
		if len(said.Words) == 0 {
			return nil
		}
	}
}

// inOrder wants the log to begin where the last answer ended, and to leave nothing out.
func inOrder(m Mark, said Answer) error {
	if said.Size < m.Heard || said.Size > m.Heard && len(said.Words) == 0 {
		return errShorter
	}
	for i, w := range said.Words {
		if w.Index != m.Heard+int64(i) || w.Index >= said.Size {
			return errShorter
		}
	}
	return nil
}

// again is how long (Pace) a replay that failed waits: what it needs may still be starting.
const again = time.Second

// carryOut replays until it is done; whatever stops it is said and tried again.
func (g *Gate) carryOut(ctx context.Context) error {
	for {
		err := g.Replay(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		g.failed(err)
		g.Log.WarnContext(ctx, "restored, and not replayed yet", "error", err.Error())
		if err := clock.Sleep(ctx, again); err != nil {
			return err
		}
	}
}
