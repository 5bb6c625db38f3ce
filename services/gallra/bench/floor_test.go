package bench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/pg"
)

// floorEvents is the same road by hand: no aggregate versions, no CloudEvents, no partitions, no parking, no positions a
// partition; a row, a batch, an inbox row.
func floorEvents(b *testing.B, events, perTx int) float64 {
	p := newPlace(b)
	producer, consumer := floorPools(b, p)
	body := fmt.Sprintf("%0*d", filler, 0)
	payload, err := json.Marshal(map[string]string{"body": body, "rest": fmt.Sprintf("%0*d", 250, 0)})
	must(b, err)
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	var applied atomic.Int64
	go floorRelay(ctx, producer, p.nc)
	go floorConsumer(ctx, consumer, p.nc, noteByHand, func(msgs []jetstream.Msg) { applied.Add(int64(len(msgs))) })
	start := time.Now()
	write(b, events, perTx, func(_, n int) error {
		return pg.Tx(p.ctx, producer, func(tx pgx.Tx) error {
			if err := stateRow(p.ctx, tx, body, n); err != nil {
				return err
			}
			ids, payloads := make([]uuid.UUID, n), make([][]byte, n)
			for i := range ids {
				ids[i], payloads[i] = uuid.New(), payload
			}
			_, err := tx.Exec(p.ctx, `INSERT INTO box (event, payload) SELECT e, p FROM unnest($1::uuid[], $2::bytea[]) AS x(e, p)`, ids, payloads)
			return err
		})
	})
	await(b, &applied, events)
	return rate(events, start)
}

// floorPools are the floor's two databases: of whoever writes events, and of whoever applies them.
func floorPools(b *testing.B, p place) (producer, consumer *pgxpool.Pool) {
	producer, consumer = p.pool(b, "producer"), p.pool(b, "consumer")
	exec(b, producer, `CREATE TABLE state (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)`)
	exec(b, producer, `CREATE TABLE box (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event uuid NOT NULL, payload bytea NOT NULL, sent boolean NOT NULL DEFAULT false)`)
	exec(b, producer, `CREATE INDEX box_unsent ON box (id) WHERE NOT sent`)
	exec(b, consumer, `CREATE TABLE inbox (event uuid PRIMARY KEY)`)
	exec(b, consumer, `CREATE TABLE position (seq bigint NOT NULL)`)
	exec(b, consumer, `INSERT INTO position VALUES (0)`)
	return producer, consumer
}

func floorRelay(ctx context.Context, db *pgxpool.Pool, nc *nats.Conn) {
	for ctx.Err() == nil {
		rows, err := db.Query(ctx, `SELECT id, event, payload FROM box WHERE NOT sent ORDER BY id LIMIT 1000`)
		if err != nil {
			return
		}
		type row struct {
			ID      int64
			Event   uuid.UUID
			Payload []byte
		}
		batch, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		if err != nil || len(batch) == 0 {
			time.Sleep(time.Millisecond)
			continue
		}
		ids := make([]int64, len(batch))
		id := uuid.NewString()
		for i, r := range batch {
			ids[i] = r.ID
			m := nats.NewMsg("ev.a.contact.0.contact.noted.v1")
			m.Data = r.Payload
			m.Header.Set("Nats-Msg-Id", r.Event.String())
			m.Header.Set("Nats-Batch-Id", id)
			m.Header.Set("Nats-Batch-Sequence", strconv.Itoa(i+1))
			if i < len(batch)-1 {
				_ = nc.PublishMsg(m)
				continue
			}
			m.Header.Set("Nats-Batch-Commit", "1")
			if _, err := nc.RequestMsgWithContext(ctx, m); err != nil {
				return
			}
		}
		if _, err := db.Exec(ctx, `UPDATE box SET sent = true WHERE id = ANY($1)`, ids); err != nil {
			return
		}
	}
}

// floorConsumer applies what has arrived, transaction by transaction, and says what is committed.
func floorConsumer(ctx context.Context, db *pgxpool.Pool, nc *nats.Conn, apply func(context.Context, pgx.Tx, []jetstream.Msg) error, done func([]jetstream.Msg)) {
	js, err := jetstream.New(nc)
	if err != nil {
		return
	}
	cons, err := js.OrderedConsumer(ctx, "EV_CONTACT", jetstream.OrderedConsumerConfig{})
	if err != nil {
		return
	}
	arrived := make(chan jetstream.Msg, 256)
	consuming, err := cons.Consume(func(m jetstream.Msg) { arrived <- m })
	if err != nil {
		return
	}
	defer consuming.Stop()
	for ctx.Err() == nil {
		msgs := taken(ctx, arrived)
		if len(msgs) == 0 {
			return
		}
		if err := pg.Tx(ctx, db, func(tx pgx.Tx) error { return apply(ctx, tx, msgs) }); err != nil {
			return
		}
		done(msgs)
	}
}

// taken waits for a message and takes what else is there.
func taken(ctx context.Context, arrived <-chan jetstream.Msg) (msgs []jetstream.Msg) {
	select {
	case m := <-arrived:
		msgs = append(msgs, m)
	case <-ctx.Done():
		return nil
	}
	for len(msgs) < 256 {
		select {
		case m := <-arrived:
			msgs = append(msgs, m)
		default:
			return msgs
		}
	}
	return msgs
}

// noteByHand moves the position and notes the events.
func noteByHand(ctx context.Context, tx pgx.Tx, msgs []jetstream.Msg) error {
	ids := make([]string, len(msgs))
	for i, m := range msgs {
		ids[i] = m.Headers().Get("Nats-Msg-Id")
	}
	if _, err := tx.Exec(ctx, `UPDATE position SET seq = seq + $1`, len(ids)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO inbox SELECT unnest($1::text[])::uuid ON CONFLICT DO NOTHING`, ids)
	return err
}
