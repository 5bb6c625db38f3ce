package backup

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/libs/pg"
	"gallra.se/libs/pg/pgtest"
	"gallra.se/libs/restored"
	"gallra.se/services/ledger/receipt"
)

func opened(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// TestADatabaseOfAnOlderProgramComesBackAndIsMigrated takes one whose tables are those of an earlier version, with numbers that
// go on and rows that refer to others.
func TestADatabaseOfAnOlderProgramComesBackAndIsMigrated(t *testing.T) {
	t.Parallel()
	from := pgtest.New(t)
	for _, set := range migrations("disclosure") {
		version := int64(1)
		if set.Table == restored.Migration.Table {
			continue // there was none
		}
		must(t, pg.MigrateTo(t.Context(), from, set, version))
	}
	do(t, opened(t, from),
		`INSERT INTO disclosure_log (authority, disclosure, kind, at) SELECT 'a', gen_random_uuid(), 'disclosure.granted', '2024-01-01' FROM generate_series(1, 7)`,
		`INSERT INTO outbox (event, subject, payload, sent_at) VALUES (gen_random_uuid(), 's', '\x00ff0a09', '2024-01-01'), (gen_random_uuid(), 's', '', NULL)`,
		`INSERT INTO bus_position VALUES ('EV', 'old', 1, 9)`)
	tk := taking(t)
	tk.Place, tk.Pieces = Place{Databases: map[string]string{"disclosure": from}}, []Piece{Data}
	taken, err := tk.Take(t.Context())
	if err != nil || len(taken.Pieces) != 1 {
		t.Fatalf("%+v %v", taken, err)
	}
	c, err := OpenCopy(taken.Pieces[0], Data)
	must(t, err)
	defer c.Close()
	to := pgtest.New(t)
	r := &Restoring{Place: Place{Databases: map[string]string{"disclosure": to}}, Data: c, Say: tk.Say}
	must(t, r.Into(t.Context()))
	back := opened(t, to)
	var logged, unsent, positions, next int
	must(t, back.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM disclosure_log), (SELECT count(*) FROM outbox WHERE sent_at IS NULL),
		(SELECT count(*) FROM bus_position), nextval(pg_get_serial_sequence('disclosure_log', 'id'))`).Scan(&logged, &unsent, &positions, &next))
	if logged != 7 || unsent != 2 || positions != 0 || next != 8 {
		t.Errorf("%d lines, %d unsent, %d positions, next number %d", logged, unsent, positions, next)
	}
	do(t, back, `SELECT protected FROM disclosure`) // a column that came later
	m, marked, err := restored.Marked(t.Context(), back)
	if !marked || err != nil || m.Backup != taken.ID {
		t.Errorf("%+v %v %v", m, marked, err)
	}
	if err := r.Into(t.Context()); !errors.Is(err, errNotEmpty) {
		t.Errorf("it was restored into a place that is not empty: %v", err)
	}
	again := &Taking{Place: r.Place, To: t.TempDir(), Pieces: []Piece{Data}, Say: tk.Say}
	if _, err := again.Take(t.Context()); err == nil || !strings.Contains(err.Error(), "has not been replayed") {
		t.Errorf("a backup of what is not replayed: %v", err)
	}
}

func TestACopyOfANewerProgramAndOneWithFewerRowsAreRefused(t *testing.T) {
	t.Parallel()
	from := pgtest.New(t)
	must(t, pg.MigrateAll(t.Context(), from, migrations("disclosure")...))
	do(t, opened(t, from), `INSERT INTO bus_position VALUES ('EV', 'old', 1, 9)`)
	tk := taking(t)
	tk.Place, tk.Pieces = Place{Databases: map[string]string{"disclosure": from}}, []Piece{Data}
	taken, err := tk.Take(t.Context())
	must(t, err)
	for name, want := range map[string]error{"newer": pg.ErrNewerSchema, "fewer": ErrBackup} {
		c, err := OpenCopy(taken.Pieces[0], Data)
		must(t, err)
		defer c.Close()
		d := &c.Manifest.Databases[0]
		if name == "newer" {
			d.Versions["disclosure_version"] = 99
		} else {
			for i := range d.Tables {
				d.Tables[i].Rows++
			}
		}
		r := &Restoring{Place: Place{Databases: map[string]string{"disclosure": pgtest.New(t)}}, Data: c, Say: tk.Say}
		if err := r.Into(t.Context()); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// log is a ledger's database with some leaves, and its signed checkpoint at a size.
func log(t *testing.T, signer note.Signer, key string, leaves ...string) *pgx.Conn {
	t.Helper()
	url := pgtest.New(t)
	must(t, pg.MigrateAll(t.Context(), url, migrations("ledger")...))
	conn := opened(t, url)
	hashes := map[int64]tlog.Hash{}
	read := tlog.HashReaderFunc(func(indexes []int64) (out []tlog.Hash, err error) {
		for _, i := range indexes {
			out = append(out, hashes[i])
		}
		return out, nil
	})
	for n, leaf := range leaves {
		stored, err := tlog.StoredHashes(int64(n), []byte(leaf), read)
		must(t, err)
		for i, h := range stored {
			id := tlog.StoredHashIndex(0, int64(n)) + int64(i)
			hashes[id] = h
			_, err := conn.Exec(t.Context(), `INSERT INTO node VALUES ($1, $2)`, id, h[:])
			must(t, err)
		}
	}
	_, err := conn.Exec(t.Context(), `INSERT INTO tree (size, public_key) VALUES ($1, $2)`, len(leaves), key)
	must(t, err)
	return conn
}

func signed(t *testing.T, conn *pgx.Conn, signer note.Signer, size int64) Checkpoint {
	t.Helper()
	c := Checkpoint{Size: size}
	must(t, pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
		root, err := tlog.TreeHash(size, stored{t.Context(), tx})
		if err != nil {
			return err
		}
		text, err := note.Sign(&note.Note{Text: receipt.Checkpoint{Origin: receipt.Origin, Size: size, Root: root}.Body()}, signer)
		c.Note = string(text)
		return err
	}))
	return c
}

func TestOnlyALedgerThatGoesOnWhereTheBackupEndsIsTaken(t *testing.T) {
	t.Parallel()
	keys := func() (note.Signer, string) {
		secret, public, err := note.GenerateKey(nil, receipt.Origin)
		must(t, err)
		signer, err := note.NewSigner(secret)
		must(t, err)
		return signer, public
	}
	signer, public := keys()
	long := log(t, signer, public, "a", "b", "c", "d", "e")
	at3 := signed(t, long, signer, 3)
	otherSigner, otherPublic := keys()
	for name, c := range map[string]struct {
		ledger *pgx.Conn
		at     Checkpoint
		want   error
	}{
		"it goes on":        {long, at3, nil},
		"it is just there":  {long, signed(t, long, signer, 5), nil},
		"nothing was there": {long, Checkpoint{}, nil},
		"it is shorter":     {log(t, signer, public, "a", "b"), at3, ErrApart},
		"other leaves":      {log(t, signer, public, "a", "x", "c", "d"), at3, ErrApart},
		"another key":       {log(t, otherSigner, otherPublic, "a", "b", "c", "d"), at3, ErrApart},
		"a forged size":     {long, Checkpoint{Size: 2, Note: at3.Note}, ErrBackup},
		"a flipped bit":     {long, Checkpoint{Size: 3, Note: strings.Replace(at3.Note, "3", "4", 1)}, ErrApart},
	} {
		err := pgx.BeginFunc(t.Context(), c.ledger, func(tx pgx.Tx) error { return Extends(t.Context(), tx, c.at) })
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
