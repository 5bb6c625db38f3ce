package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Record is one record that went with a unit.
type Record struct {
	Record     uuid.UUID
	Category   string
	Commitment []byte
	Protected  bool // it was one for appointed officers alone
}

// The categories of what case-linker holds.
const (
	CategoryIdentity = "person.identity"
	CategoryFile     = "case.file"
	CategoryNote     = "case.note"
	CategoryDocument = "case.document" // a finished official document
	CategoryDraft    = "case.draft"    // working material
)

// plannedAnew has a statement planned each time it runs: a plan that is kept may stem from an empty table.
const plannedAnew = pgx.QueryExecModeCacheDescribe

// Bury deletes the rows of those units that still have an intent, and the intents, and returns the records that went with
// each of them: an identity, a share's notes and, with the last share of a case, its file, or the notes of a unit of their
// own. Those that another instance has buried are left out. Tombstones stay: random ids, and the HMAC of a case number, so
// that a repeat or a late note is recognised for what it is.
func Bury(ctx context.Context, tx pgx.Tx, authority string, units []uuid.UUID) (map[uuid.UUID][]Record, error) {
	rows, err := tx.Query(ctx, `DELETE FROM intent WHERE authority = $1 AND unit = ANY($2) RETURNING unit`, plannedAnew, authority, units)
	if err != nil {
		return nil, fmt.Errorf("take intents: %w", err)
	}
	mine, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("take intents: %w", err)
	}
	b := burial{authority: authority, units: mine, gone: make(map[uuid.UUID][]Record, len(mine))}
	for _, unit := range mine {
		b.gone[unit] = []Record{}
	}
	hidden, err := HiddenUnits(ctx, tx, authority, mine)
	if err != nil {
		return nil, err
	}
	if err := b.removeRows(ctx, tx); err != nil {
		return nil, fmt.Errorf("remove rows of %d units: %w", len(mine), err)
	}
	if err := b.removeFiles(ctx, tx); err != nil {
		return nil, fmt.Errorf("remove files of cases: %w", err)
	}
	if err := b.removeOfficers(ctx, tx); err != nil {
		return nil, fmt.Errorf("remove officers of cases: %w", err)
	}
	if err := b.forgetAccess(ctx, tx); err != nil {
		return nil, err
	}
	return b.gone, b.hide(ctx, tx, hidden)
}

// hide makes what is left of hidden units a thing that only appointed officers know of.
func (b *burial) hide(ctx context.Context, tx pgx.Tx, hidden []uuid.UUID) error {
	if len(hidden) == 0 {
		return nil
	}
	var left []uuid.UUID
	for _, unit := range hidden {
		for i := range b.gone[unit] {
			b.gone[unit][i].Protected = true
			left = append(left, b.gone[unit][i].Record)
		}
	}
	for of, last := range b.last {
		if slices.Contains(hidden, last.unit) {
			left = append(left, of) // one that lives on has no tombstone
		}
	}
	return HideTombstones(ctx, tx, b.authority, left)
}

// burial is the removal of some units of one authority.
type burial struct {
	authority string
	units     []uuid.UUID
	gone      map[uuid.UUID][]Record
	cases     []uuid.UUID // of which shares went
	touched   []uuid.UUID // of which notes with a unit of their own went
	persons   []uuid.UUID // of whom shares, or notes with a unit of their own, went
	ended     []uuid.UUID // cases whose file went
	last      map[uuid.UUID]lastShare
}

// lastShare is the share that went last of a case; whose commitment is that of the file, if none is left.
type lastShare struct {
	unit       uuid.UUID
	commitment []byte
}

// removeRows deletes persons first: whoever writes to them locks them first.
func (b *burial) removeRows(ctx context.Context, tx pgx.Tx) error {
	batch := &pgx.Batch{}
	batch.Queue(`
		WITH gone AS (DELETE FROM person WHERE authority = $1 AND person = ANY($2) RETURNING person, commitment),
		     buried AS (INSERT INTO tombstone (authority, id) SELECT $1, person FROM gone ON CONFLICT DO NOTHING)
		SELECT person, person, $3::text, commitment FROM gone`, b.authority, b.units, CategoryIdentity).Query(b.collect)
	batch.Queue(`DELETE FROM access_entry WHERE authority = $1 AND person = ANY($2)`, b.authority, b.units)
	batch.Queue(`
		WITH gone AS (DELETE FROM note WHERE authority = $1 AND goes_with = ANY($2) RETURNING goes_with, note, category, commitment),
		     buried AS (INSERT INTO tombstone (authority, id) SELECT DISTINCT $1, note FROM gone ON CONFLICT DO NOTHING)
		SELECT goes_with, note, category, commitment FROM gone ORDER BY goes_with, note`, b.authority, b.units).Query(b.collect)
	batch.Queue(`DELETE FROM note_unit WHERE authority = $1 AND unit = ANY($2) RETURNING case_id, person`, b.authority, b.units).Query(b.collectTouched)
	batch.Queue(`
		WITH gone AS (DELETE FROM share WHERE authority = $1 AND share = ANY($2) RETURNING share, case_id, person, commitment)
		SELECT share, case_id, person, commitment FROM gone ORDER BY share`, b.authority, b.units).Query(b.collectShares)
	batch.Queue(`UPDATE command SET fingerprint = NULL WHERE authority = $1 AND unit = ANY($2)`, b.authority, b.units)
	batch.Queue(`DELETE FROM unit_hold WHERE authority = $1 AND unit = ANY($2)`, b.authority, b.units)
	return tx.SendBatch(ctx, batch).Close()
}

func (b *burial) collect(rows pgx.Rows) error {
	var unit uuid.UUID
	var r Record
	_, err := pgx.ForEachRow(rows, []any{&unit, &r.Record, &r.Category, &r.Commitment}, func() error {
		b.gone[unit] = append(b.gone[unit], r)
		r.Commitment = nil
		return nil
	})
	return err
}

func (b *burial) collectTouched(rows pgx.Rows) error {
	var of, person uuid.UUID
	_, err := pgx.ForEachRow(rows, []any{&of, &person}, func() error {
		b.touched, b.persons = append(b.touched, of), append(b.persons, person)
		return nil
	})
	return err
}

func (b *burial) collectShares(rows pgx.Rows) error {
	b.last = map[uuid.UUID]lastShare{}
	var share, of, person uuid.UUID
	var commitment []byte
	_, err := pgx.ForEachRow(rows, []any{&share, &of, &person, &commitment}, func() error {
		b.persons = append(b.persons, person)
		if _, known := b.last[of]; !known {
			b.cases = append(b.cases, of)
		}
		b.last[of] = lastShare{share, commitment}
		commitment = nil
		return nil
	})
	return err
}

// removeFiles deletes the files of cases that have no share any more.
func (b *burial) removeFiles(ctx context.Context, tx pgx.Tx) error {
	if len(b.cases) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `
		WITH gone AS (
			DELETE FROM case_file AS c WHERE c.authority = $1 AND c.case_id = ANY($2)
			  AND NOT EXISTS (SELECT FROM share AS s WHERE s.authority = c.authority AND s.case_id = c.case_id)
			RETURNING c.case_id, c.file, c.number_mac),
		buried AS (
			INSERT INTO tombstone (authority, id, number_mac)
			SELECT $1, case_id, number_mac FROM gone UNION ALL SELECT $1, file, NULL FROM gone ON CONFLICT DO NOTHING)
		SELECT case_id, file FROM gone`, plannedAnew, b.authority, b.cases)
	if err != nil {
		return err
	}
	var of, file uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&of, &file}, func() error {
		last := b.last[of]
		b.ended = append(b.ended, of)
		b.gone[last.unit] = append(b.gone[last.unit], Record{Record: file, Category: CategoryFile, Commitment: last.commitment})
		return nil
	})
	return err
}

// removeOfficers forgets who handled the cases of which nothing is left: no file, and no note that goes later.
func (b *burial) removeOfficers(ctx context.Context, tx pgx.Tx) error {
	touched := append(b.touched, b.cases...)
	if len(touched) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		DELETE FROM case_officer AS o WHERE o.authority = $1 AND o.case_id = ANY($2)
		  AND NOT EXISTS (SELECT FROM case_file AS c WHERE c.authority = o.authority AND c.case_id = o.case_id)
		  AND NOT EXISTS (SELECT FROM note_unit AS u WHERE u.authority = o.authority AND u.case_id = o.case_id)`,
		plannedAnew, b.authority, touched)
	return err
}
