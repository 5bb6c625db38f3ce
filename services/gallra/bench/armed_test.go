package bench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go/jetstream"

	"gallra.se/libs/pg"
)

const (
	armedRate = 2000 // events a second
	armedTick = 50 * time.Millisecond
)

// armedFor is for how many seconds events come.
var armedFor = fromEnvironment("GALLRA_BENCH_SECONDS", 20)

// BenchmarkClockArmed is how long it takes from an event until its clock is armed, while two thousand events a second come:
// telephone calls over HTTP, from the time that contact.recorded bears, which is read just before its commit, until
// clock.started is published, which is just after the commit of the clock. The floor is the same stream of events through
// a relay and a consumer by hand, until the commit of two rows.
func BenchmarkClockArmed(b *testing.B) {
	for b.Loop() {
		floor, _ := floorArmed(b)
		ours, perSecond := ourArmed(b)
		for name, at := range map[string]int{"p50": 50, "p99": 99} {
			b.ReportMetric(milliseconds(floor, at), "floor-"+name+"-ms")
			b.ReportMetric(milliseconds(ours, at), name+"-ms")
		}
		b.ReportMetric(perSecond, "events/s")
	}
	b.ReportMetric(0, "ns/op")
}

func milliseconds(took []time.Duration, percent int) float64 {
	slices.Sort(took)
	return float64(took[(len(took)-1)*percent/100].Microseconds()) / 1000
}

// paced calls send with each tick's share of the rate, and returns what it came to: of a system that cannot keep up, less.
func paced(send func(first, n int)) (sent int, perSecond float64) {
	const each = armedRate * int(armedTick) / int(time.Second)
	tick := time.NewTicker(armedTick)
	defer tick.Stop()
	var under sync.WaitGroup
	slots := make(chan struct{}, senders)
	start := time.Now()
	for range armedFor * int(time.Second/armedTick) {
		<-tick.C
		slots <- struct{}{}
		first := sent
		under.Go(func() { send(first, each); <-slots })
		sent += each
	}
	under.Wait()
	return sent, rate(sent, start)
}

func ourArmed(b *testing.B) (took []time.Duration, perSecond float64) {
	w := newWorld(b)
	n, perSecond := paced(func(first, n int) {
		if err := stream(b, w.api, "/v1/contacts", first, first+n, calledNow); err != nil {
			b.Error(err)
		}
	})
	awaitArmed(b, w.api, n)
	written := times(b, w.database(b, "intake"), `
		SELECT (e -> 'data' ->> 'unit')::uuid, (e ->> 'time')::timestamptz
		FROM (SELECT convert_from(payload, 'UTF8')::jsonb AS e FROM outbox WHERE subject LIKE '%.contact.recorded.%') AS events`)
	armed := times(b, w.database(b, "retention_timer"), `
		SELECT (u ->> 'unit')::uuid, sent_at
		FROM (SELECT sent_at, convert_from(payload, 'UTF8')::jsonb AS e FROM outbox WHERE subject LIKE '%.clock.started.%') AS events,
			jsonb_array_elements(e -> 'data' -> 'units') AS u WHERE sent_at IS NOT NULL`)
	for unit, at := range written {
		if done, ok := armed[unit]; ok {
			took = append(took, done.Sub(at))
		}
	}
	if len(took) < n {
		b.Fatalf("the clocks of %d contacts of %d were told of", len(took), n)
	}
	return took, perSecond
}

func calledNow(n int) any {
	now := time.Now().Format(time.RFC3339)
	return map[string]any{"id": fmt.Sprint("a-", n), "kind": "contact", "at": now, "authority": authority, "channel": "phone",
		"identified": true, "line": "national", "startedAt": now, "endedAt": now,
		"fields": map[string]string{"phoneNumber": "+46701740605", "name": "Anna Kanarie", "nationalId": "199001012385"}}
}

func times(b *testing.B, db *pgxpool.Pool, sql string) map[uuid.UUID]time.Time {
	b.Helper()
	rows, err := db.Query(b.Context(), sql)
	must(b, err)
	all := map[uuid.UUID]time.Time{}
	var unit uuid.UUID
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&unit, &at}, func() error { all[unit] = at; return nil })
	must(b, err)
	return all
}

// floorArmed writes rows and events at the same rate, relays them and stores a unit and a clock for each.
func floorArmed(b *testing.B) (took []time.Duration, perSecond float64) {
	p := newPlace(b)
	producer, consumer := floorPools(b, p)
	exec(b, consumer, `CREATE TABLE unit (unit uuid PRIMARY KEY, state text NOT NULL, claim_at timestamptz NOT NULL)`)
	exec(b, consumer, `CREATE TABLE clock (unit uuid PRIMARY KEY, rule text NOT NULL, d0 date NOT NULL, due_on date NOT NULL)`)
	body := fmt.Sprintf("%0*d", filler, 0)
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	var mu sync.Mutex
	go floorRelay(ctx, producer, p.nc)
	go floorConsumer(ctx, consumer, p.nc, armByHand, func(msgs []jetstream.Msg) {
		mu.Lock()
		defer mu.Unlock()
		for _, m := range msgs {
			var said struct{ At time.Time }
			if json.Unmarshal(m.Data(), &said) == nil {
				took = append(took, time.Since(said.At))
			}
		}
	})
	n, perSecond := paced(func(_, n int) {
		err := pg.Tx(ctx, producer, func(tx pgx.Tx) error {
			if err := stateRow(ctx, tx, body, n); err != nil {
				return err
			}
			ids, payloads := make([]uuid.UUID, n), make([][]byte, n)
			for i := range ids {
				ids[i] = uuid.New()
				payloads[i] = fmt.Appendf(nil, `{"at":%q,"body":%q}`, time.Now().Format(time.RFC3339Nano), body)
			}
			_, err := tx.Exec(ctx, `INSERT INTO box (event, payload) SELECT e, p FROM unnest($1::uuid[], $2::bytea[]) AS x(e, p)`, ids, payloads)
			return err
		})
		if err != nil {
			b.Error(err)
		}
	})
	for give := time.Now().Add(2 * time.Minute); ; time.Sleep(time.Millisecond) {
		mu.Lock()
		done := len(took)
		mu.Unlock()
		if done >= n {
			break
		}
		if time.Now().After(give) {
			b.Fatalf("the floor armed %d of %d", done, n)
		}
	}
	stop()
	mu.Lock()
	defer mu.Unlock()
	return took, perSecond
}

func armByHand(ctx context.Context, tx pgx.Tx, msgs []jetstream.Msg) error {
	ids := make([]string, len(msgs))
	for i, m := range msgs {
		ids[i] = m.Headers().Get("Nats-Msg-Id")
	}
	if err := noteByHand(ctx, tx, msgs); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO unit SELECT u::uuid, 'running', '2027-01-01' FROM unnest($1::text[]) AS u`, ids); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO clock SELECT u::uuid, 'AFC-10', '2026-01-01', '2027-01-01' FROM unnest($1::text[]) AS u`, ids)
	return err
}
