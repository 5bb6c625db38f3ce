package bench_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/libs/pg"
)

// byHand is a disposal without bus, gate and veto: one process finds what is due, destroys the keys, deletes the rows,
// appends the leaves and ends the clocks, batch after batch. It leaves behind what the services leave.
type byHand struct {
	ctx              context.Context
	clocks           *pgxpool.Pool
	data, keys, log  *pgxpool.Pool
	keystore         string
	generation, size int64
	peaks            []tlog.Hash
}

// aBatch goes with one rotation, as in intake.
const aBatch = 5000

func floorNight(b *testing.B, w world, records int) (perSecond float64, used time.Duration) {
	f := &byHand{ctx: b.Context(), keystore: b.TempDir(),
		clocks: w.newDatabase(b, "floor_clocks",
			`CREATE TABLE unit (unit uuid PRIMARY KEY, state text NOT NULL, rule text NOT NULL, due_on date NOT NULL, due_at timestamptz NOT NULL) WITH (fillfactor = 60)`,
			`CREATE INDEX unit_due ON unit (due_at) WHERE state = 'running'`,
			`CREATE TABLE clock (unit uuid, rule text, d0 date NOT NULL, period text NOT NULL, mode text NOT NULL, e date NOT NULL, due_on date NOT NULL,
				PRIMARY KEY (unit, rule))`),
		data: w.newDatabase(b, "floor",
			`CREATE TABLE held (id uuid PRIMARY KEY, unit uuid NOT NULL, category text NOT NULL, ciphertext bytea NOT NULL,
				fingerprint bytea NOT NULL, commitment bytea NOT NULL)`,
			`CREATE UNIQUE INDEX held_unit ON held (unit)`),
		keys: w.newDatabase(b, "floor_keys",
			`CREATE TABLE unit (unit uuid PRIMARY KEY, page int, wrapped bytea)`,
			`CREATE INDEX unit_page ON unit (page) WHERE page IS NOT NULL`,
			`CREATE TABLE page_table (generation bigint NOT NULL, box bytea NOT NULL)`,
			`INSERT INTO page_table VALUES (0, '')`),
		log: w.newDatabase(b, "floor_ledger",
			`CREATE TABLE leaf (index bigint PRIMARY KEY, record uuid NOT NULL UNIQUE, rule text NOT NULL, text text NOT NULL)`,
			`CREATE TABLE node (id bigint PRIMARY KEY, hash bytea NOT NULL)`,
			`CREATE TABLE tree (size bigint NOT NULL)`, `INSERT INTO tree VALUES (0)`),
	}
	f.fill(b, records)
	checkpoint(b, w)
	before, start := w.used()+ownTime(), time.Now()
	for done := 0; done < records; {
		n, err := f.batch()
		must(b, err)
		if n == 0 {
			b.Fatalf("the floor found %d of %d records", done, records)
		}
		done += n
	}
	return rate(records, start), w.used() + ownTime() - before
}

// fill writes rows of the size of a call's.
func (f *byHand) fill(b *testing.B, records int) {
	_, err := f.data.Exec(f.ctx, `
		INSERT INTO held
		SELECT gen_random_uuid(), gen_random_uuid(), 'contact.phone-log', decode(repeat(md5(n::text), 24), 'hex'), decode(repeat(md5(n::text), 2), 'hex'),
			decode(repeat(md5(n::text), 2), 'hex') FROM generate_series(1, $1::int) AS n`, records)
	must(b, err)
	rows, err := f.data.Query(f.ctx, `SELECT unit FROM held`)
	must(b, err)
	units, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	must(b, err)
	wrapped := make([]byte, 60)
	_, err = f.keys.CopyFrom(f.ctx, pgx.Identifier{"unit"}, []string{"unit", "page", "wrapped"}, pgx.CopyFromSlice(len(units), func(i int) ([]any, error) {
		return []any{units[i], i / 512, wrapped}, nil
	}))
	must(b, err)
	_, err = f.clocks.Exec(f.ctx, `INSERT INTO unit SELECT u, 'running', 'AFC-10', $2, $3 FROM unnest($1::uuid[]) AS u`, units, midnight, midnight)
	must(b, err)
	exec(b, f.clocks, `INSERT INTO clock SELECT unit, rule, due_on - 456, '15 months', 'exact', due_on, due_on FROM unit`)
	for _, pool := range []*pgxpool.Pool{f.data, f.keys, f.clocks} {
		exec(b, pool, "ANALYZE")
	}
}

type dueRow struct {
	ID, Unit   uuid.UUID
	Category   string
	Commitment []byte
}

func (f *byHand) batch() (int, error) {
	rows, err := f.clocks.Query(f.ctx, `SELECT unit FROM unit WHERE state = 'running' AND due_at <= $1 ORDER BY due_at LIMIT $2`, midnight, aBatch)
	if err != nil {
		return 0, err
	}
	units, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil || len(units) == 0 {
		return 0, err
	}
	if err := f.destroy(units); err != nil {
		return 0, err
	}
	unrecoverableAt := time.Now()
	if rows, err = f.data.Query(f.ctx, `DELETE FROM held WHERE unit = ANY($1) RETURNING id, unit, category, commitment`, units); err != nil {
		return 0, err
	}
	gone, err := pgx.CollectRows(rows, pgx.RowToStructByPos[dueRow])
	if err != nil {
		return 0, err
	}
	if err := f.append(gone, unrecoverableAt); err != nil {
		return 0, err
	}
	return len(gone), pg.Tx(f.ctx, f.clocks, func(tx pgx.Tx) error {
		if _, err := tx.Exec(f.ctx, `UPDATE unit SET state = 'disposed' WHERE unit = ANY($1)`, units); err != nil {
			return err
		}
		_, err := tx.Exec(f.ctx, `DELETE FROM clock WHERE unit = ANY($1)`, units)
		return err
	})
}

// destroy empties keys and puts what is left under a new root key, which is durable before the old one goes.
func (f *byHand) destroy(units []uuid.UUID) error {
	root := make([]byte, 32)
	rand.Read(root)
	if err := f.write(f.generation+1, root); err != nil {
		return err
	}
	err := pg.Tx(f.ctx, f.keys, func(tx pgx.Tx) error {
		if _, err := tx.Exec(f.ctx, `UPDATE unit SET page = NULL, wrapped = NULL WHERE unit = ANY($1)`, units); err != nil {
			return err
		}
		_, err := tx.Exec(f.ctx, `UPDATE page_table SET generation = $1, box = $2`, f.generation+1, make([]byte, 48*400))
		return err
	})
	if err != nil {
		return err
	}
	if f.generation > 0 {
		rand.Read(root)
		if err := f.write(f.generation, root); err != nil {
			return err
		}
		if err := os.Remove(f.path(f.generation)); err != nil {
			return err
		}
	}
	f.generation++
	return nil
}

func (f *byHand) path(generation int64) string {
	return filepath.Join(f.keystore, fmt.Sprint(generation))
}

func (f *byHand) write(generation int64, root []byte) error {
	file, err := os.Create(f.path(generation))
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(root); err != nil {
		return err
	}
	return file.Sync()
}

func (f *byHand) append(batch []dueRow, unrecoverableAt time.Time) error {
	ids, texts := make([]uuid.UUID, len(batch)), make([]string, len(batch))
	var nodes [][]byte
	for i, r := range batch {
		ids[i] = r.ID
		texts[i] = fmt.Sprintf("leaf: disposed\nrecord: %s\nauthority: %s\ncategory: %s\nrule: AFC-10\ntrigger: contact-ended\ndue-on: 2024-05-15\n"+
			"due-at: %s\nremoved-at: %s\nunrecoverable-at: %s\npolicy: 2021-01-01\ncommitment: %x\n",
			r.ID, authority, r.Category, midnight.UTC().Format(time.RFC3339), unrecoverableAt.UTC().Format(time.RFC3339Nano), unrecoverableAt.UTC().Format(time.RFC3339Nano), r.Commitment)
		hash := tlog.RecordHash([]byte(texts[i]))
		nodes = append(nodes, hash[:])
		for n := f.size + int64(i) + 1; n%2 == 0; n /= 2 {
			hash = tlog.NodeHash(f.peaks[len(f.peaks)-1], hash)
			f.peaks = f.peaks[:len(f.peaks)-1]
			nodes = append(nodes, hash[:])
		}
		f.peaks = append(f.peaks, hash)
	}
	err := pg.Tx(f.ctx, f.log, func(tx pgx.Tx) error {
		if _, err := tx.Exec(f.ctx, `INSERT INTO leaf SELECT $1::bigint + n - 1, record, 'AFC-10', text
			FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS l(record, text, n)`, f.size, ids, texts); err != nil {
			return err
		}
		if _, err := tx.Exec(f.ctx, `INSERT INTO node SELECT $1::bigint + n - 1, hash FROM unnest($2::bytea[]) WITH ORDINALITY AS h(hash, n)`,
			tlog.StoredHashCount(f.size), nodes); err != nil {
			return err
		}
		_, err := tx.Exec(f.ctx, `UPDATE tree SET size = $1`, f.size+int64(len(batch)))
		return err
	})
	f.size += int64(len(batch))
	return err
}
