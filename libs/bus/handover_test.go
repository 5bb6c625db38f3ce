package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
	"gallra.se/libs/pg"
)

// handover is a stream whose every event is known, and instances that are dealt shares
// at random: more than one at a time may have a partition, or none.
type handover struct {
	*world
	rng *rand.Rand

	mu        sync.Mutex
	published []numbered
}

// numbered is an event of the stream, or a watermark that says its number.
type numbered struct {
	n         int
	partition int // -1: a watermark
	parks     bool
	sequence  uint64
}

var epoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// poisonAt is the version of a poisoned key that is refused; what comes later queues
// behind it.
const poisonAt = 3

func poisoned(key string) bool { return strings.HasPrefix(key, "poison") }

func newHandover(t *testing.T, seed uint64) *handover {
	h := &handover{world: newWorld(t, clock.Real()), rng: rand.New(rand.NewPCG(seed, 8))}
	h.exec(h.consumer, `CREATE TABLE told (place bigint GENERATED ALWAYS AS IDENTITY, n int, partition int, key text, version int)`)
	h.exec(h.consumer, `CREATE TABLE claim (partition int PRIMARY KEY, n int NOT NULL)`)
	return h
}

// publish stores events and watermarks, in the order of their numbers.
func (h *handover) publish(count int, rng *rand.Rand) {
	versions := map[string]int{}
	for n := range count {
		if rng.IntN(4) == 0 {
			h.store(numbered{n: n, partition: -1}, bus.WatermarkType, "intake", 0, map[string]any{"service": "intake", "at": epoch.Add(time.Duration(n) * time.Second)})
			continue
		}
		key := fmt.Sprint("k", rng.IntN(40))
		if rng.IntN(3) == 0 {
			key = fmt.Sprint("poison", n/20) // new ones come all the time
		}
		versions[key]++
		parks := poisoned(key) && versions[key] >= poisonAt
		h.store(numbered{n: n, partition: bus.Partition(key), parks: parks}, noted, key, versions[key], map[string]int{"n": n})
	}
}

func (h *handover) store(it numbered, eventType, key string, version int, data any) {
	ce := cloudevents.New()
	ce.SetID(uuid.NewString())
	ce.SetSource("/gallra/a/intake")
	ce.SetType(eventType)
	ce.SetExtension("partitionkey", key)
	ce.SetExtension("sequence", fmt.Sprintf("%020d", version))
	if err := ce.SetData(cloudevents.ApplicationJSON, data); err != nil {
		h.t.Error(err)
	}
	payload, err := ce.MarshalJSON()
	if err != nil {
		h.t.Error(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	reply, err := h.nc.RequestWithContext(h.ctx, fmt.Sprintf("ev.a.contact.%d.%s", bus.Partition(key), eventType[len("se.gallra."):]), payload)
	if err != nil {
		h.t.Error(err)
		return
	}
	var ack struct{ Seq uint64 }
	if err := json.Unmarshal(reply.Data, &ack); err != nil || ack.Seq == 0 {
		h.t.Errorf("stored as %s: %v", reply.Data, err)
	}
	it.sequence = ack.Seq
	h.published = append(h.published, it)
}

// before counts the events of some partitions that are to be applied and have a lower
// number. Whoever reads a number has seen it published, but may see it before we noted it.
func (h *handover) before(n int, partitions []int) (count int) {
	of := map[int]bool{}
	for _, p := range partitions {
		of[p] = true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, it := range h.published {
		if it.n < n && of[it.partition] && !it.parks {
			count++
		}
	}
	return count
}

func (h *handover) instance() *bus.Consumer {
	pool, err := pg.Open(h.ctx, h.consumer.Config().ConnString())
	h.must(err)
	h.t.Cleanup(pool.Close)
	c := bus.NewConsumer(bus.ConsumerConfig{Service: "case-linker", DB: pool, NC: h.nc, Streams: []string{"EV_CONTACT"}, Log: h.log,
		Handlers: map[string]bus.Handler{noted: h.tell}, Watermark: h.claim})
	h.start(c.ReadUnseated)
	return c
}

func (h *handover) tell(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var version int
	if _, err := fmt.Sscanf(fmt.Sprint(ev.CE.Extensions()["sequence"]), "%d", &version); err != nil {
		return err
	}
	if poisoned(ev.Key) && version == poisonAt {
		return bus.Refuse(errors.New("this one is never applied"))
	}
	var said struct{ N int }
	if err := ev.Into(&said); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO told (n, partition, key, version) VALUES ($1, $2, $3, $4)`, said.N, ev.Partition, ev.Key, version)
	return err
}

// claim is what the law is about: everything before the watermark is applied in the
// partitions that it is said for.
func (h *handover) claim(ctx context.Context, tx pgx.Tx, w bus.Watermark) error {
	n := int(w.At.Sub(epoch) / time.Second)
	var applied int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM told WHERE n < $1 AND partition = ANY($2)`, n, w.Partitions).Scan(&applied); err != nil {
		return err
	}
	if want := h.before(n, w.Partitions); applied != want {
		h.t.Errorf("watermark %d is said for %v, where %d of %d events are applied", n, w.Partitions, applied, want)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO claim (partition, n) SELECT p, $2 FROM unnest($1::int[]) AS p ORDER BY p
		ON CONFLICT (partition) DO UPDATE SET n = greatest(claim.n, excluded.n)`, w.Partitions, n)
	return err
}

// positionsHold fails when a position has passed an event that is neither applied nor parked.
func (h *handover) positionsHold() {
	h.t.Helper()
	tx, err := h.consumer.BeginTx(h.ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	h.must(err)
	defer func() { _ = tx.Rollback(h.ctx) }()
	positions, told := map[int]uint64{}, map[int]bool{}
	var p, n int
	var seq int64
	rows, err := tx.Query(h.ctx, `SELECT partition, seq FROM bus_position`)
	h.must(err)
	_, err = pgx.ForEachRow(rows, []any{&p, &seq}, func() error { positions[p] = uint64(seq); return nil })
	h.must(err)
	rows, err = tx.Query(h.ctx, `SELECT n FROM told`)
	h.must(err)
	_, err = pgx.ForEachRow(rows, []any{&n}, func() error { told[n] = true; return nil })
	h.must(err)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, it := range h.published {
		if it.partition >= 0 && !it.parks && it.sequence <= positions[it.partition] && !told[it.n] {
			h.t.Errorf("position %d of partition %d has passed event %d at %d, which is not applied", positions[it.partition], it.partition, it.n, it.sequence)
		}
	}
}

func TestWhoeverIsDealtWhichShareNothingIsLostRepeatedOrClaimedTooEarly(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			h := newHandover(t, seed)
			instances := []*bus.Consumer{h.instance(), h.instance(), h.instance()}
			var writing sync.WaitGroup
			writing.Go(func() { h.publish(600, rand.New(rand.NewPCG(seed, 9))) })
			for step := range 200 {
				of := h.rng.IntN(5)
				instances[h.rng.IntN(3)].Deal(clock.Share{Rank: h.rng.IntN(max(1, of)), Of: of})
				h.must(clock.Sleep(h.ctx, time.Duration(h.rng.IntN(8))*time.Millisecond))
				if step%20 == 0 {
					h.positionsHold()
				}
			}
			writing.Wait()
			for rank, c := range instances {
				c.Deal(clock.Share{Rank: rank, Of: 3})
			}
			h.allRead(instances)
			h.positionsHold()
			h.onceAndInOrder()
		})
	}
}

func (h *handover) allRead(instances []*bus.Consumer) {
	h.t.Helper()
	end := h.published[len(h.published)-1].sequence
	h.until("all instances have read all", func() bool {
		for _, c := range instances {
			if s, _ := c.Report(h.ctx); s.Busy > 0 || s.Positions["EV_CONTACT"] < end {
				return false
			}
		}
		return true
	})
}

func (h *handover) onceAndInOrder() {
	h.t.Helper()
	every := make([]int, bus.Partitions)
	parks, last := 0, 0
	for p := range every {
		every[p] = p
	}
	for _, it := range h.published {
		if it.parks {
			parks++
		}
		if it.partition < 0 {
			last = it.n
		}
	}
	if got, want := h.count(h.consumer, `SELECT count(*) FROM told`), h.before(len(h.published), every); got != want {
		h.t.Errorf("%d events are applied, expected %d", got, want)
	}
	if n := h.count(h.consumer, `SELECT count(*) FROM (SELECT version, row_number() OVER (PARTITION BY key ORDER BY place) AS due FROM told) AS o WHERE version <> due`); n > 0 {
		h.t.Errorf("%d events are applied out of the order of their key", n)
	}
	if got := h.count(h.consumer, `SELECT count(*) FROM bus_parked`); got != parks {
		h.t.Errorf("%d events are parked, expected %d", got, parks)
	}
	if n := h.count(h.consumer, fmt.Sprintf(`SELECT count(*) FROM claim WHERE n = %d`, last)); n != bus.Partitions {
		h.t.Errorf("the last watermark is said for %d partitions", n)
	}
}
