package acceptance

import (
	"bytes"
	"encoding/hex"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/census"
	"gallra.se/services/gallra/internal/credentials"
	"gallra.se/services/gallra/internal/embedded"
	"gallra.se/services/gallra/internal/needles"
)

// dumps are connections to every database of a running system, each by the role of its service.
type dumps struct {
	t     *testing.T
	conns map[string]*pgx.Conn
}

func openDumps(t *testing.T, dir string) *dumps {
	t.Helper()
	layout := embedded.Layout{Dir: dir}
	running, err := layout.Running()
	if err != nil {
		t.Fatal(err)
	}
	d := &dumps{t: t, conns: map[string]*pgx.Conn{}}
	for _, server := range credentials.Servers() {
		for _, name := range credentials.Databases(server) {
			at, err := url.Parse(running)
			if err != nil {
				t.Fatal(err)
			}
			password, err := layout.Credentials().Passwords().Read(name)
			if err != nil {
				t.Fatal(err)
			}
			at.Path, at.User = "/"+name, url.UserPassword(name, password)
			if d.conns[name], err = pgx.Connect(t.Context(), at.String()); err != nil {
				t.Fatal(err)
			}
			d.exec(name, `SET gallra.authority = '*'`)
		}
	}
	t.Cleanup(d.close)
	return d
}

func (d *dumps) close() {
	for name, conn := range d.conns {
		_ = conn.Close(d.t.Context())
		delete(d.conns, name)
	}
}

func (d *dumps) exec(name, sql string) {
	d.t.Helper()
	if _, err := d.conns[name].Exec(d.t.Context(), sql); err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
}

func (d *dumps) strings(name, sql string) []string {
	d.t.Helper()
	rows, err := d.conns[name].Query(d.t.Context(), sql)
	if err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	return all
}

// ids are those of everything that there is of her: persons, cases, shares, records, units. Nobody else is in the system.
func (d *dumps) ids() []string {
	d.t.Helper()
	all := d.strings("retention_timer", `SELECT unit::text FROM unit UNION SELECT person::text FROM unit WHERE person IS NOT NULL
		UNION SELECT case_id::text FROM unit WHERE case_id IS NOT NULL UNION SELECT record::text FROM record`)
	all = append(all, d.strings("case_linker", `SELECT share::text FROM share UNION SELECT person::text FROM share UNION SELECT file::text FROM case_file`)...)
	all = slices.DeleteFunc(all, func(id string) bool { return id == uuid.Nil.String() })
	if len(all) < 40 {
		d.t.Fatalf("only %d ids of her are known", len(all))
	}
	return all
}

// remainder is a record that lives when every period is over.
type remainder struct {
	Authority, Category, CaseType, Record, Unit string
	Person                                      *string
}

// remaining are those that are not preserved.
func (d *dumps) remaining() []remainder {
	return slices.DeleteFunc(d.living(), remainder.preserved)
}

// letters are the official documents that are preserved, and that name nobody they came from.
func (d *dumps) letters() (ids []string) {
	d.t.Helper()
	for _, r := range d.living() {
		if !r.preserved() {
			d.t.Errorf("a record of %s of %s is left", r.Category, r.Authority)
		}
		if r.Person != nil {
			d.t.Errorf("a record of %s of %s is preserved with whose it is", r.Category, r.Authority)
		}
		ids = append(ids, r.Record, r.Unit)
	}
	return ids
}

func (d *dumps) living() []remainder {
	d.t.Helper()
	rows, err := d.conns["retention_timer"].Query(d.t.Context(), `SELECT u.authority, u.category, u.case_type, r.record::text, u.unit::text, u.person::text
		FROM unit AS u JOIN record AS r USING (authority, unit) WHERE u.state <> 'disposed'`)
	if err != nil {
		d.t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[remainder])
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

func (r remainder) preserved() bool {
	pack, _ := policy.Default().Pack(r.Authority)
	_, yes := pack.Preserved(r.Category, r.CaseType)
	return yes
}

// place is a column of a table.
type place struct{ database, table, column string }

// where says in how many rows of each column some ids lie, and how many rows each table has.
type where struct {
	columns map[place]int
	rows    map[place]int
}

func (d *dumps) found(ids []string) (w where) {
	d.t.Helper()
	known := setOf(ids)
	w = where{columns: map[place]int{}, rows: map[place]int{}}
	for database := range d.conns {
		for _, table := range d.strings(database, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`) {
			if strings.HasSuffix(table, "_version") {
				continue
			}
			quoted := pgx.Identifier{table}.Sanitize()
			var n int
			if err := d.conns[database].QueryRow(d.t.Context(), `SELECT count(*) FROM `+quoted).Scan(&n); err != nil {
				d.t.Fatal(err)
			}
			w.rows[place{database, table, ""}] = n
			if n == 0 {
				continue
			}
			rows, err := d.conns[database].Query(d.t.Context(), `SELECT c.key, c.value FROM `+quoted+` AS t CROSS JOIN LATERAL jsonb_each_text(to_jsonb(t)) AS c
				WHERE c.value IS NOT NULL`)
			if err != nil {
				d.t.Fatal(err)
			}
			var column, value string
			_, err = pgx.ForEachRow(rows, []any{&column, &value}, func() error {
				if known.in(value) {
					w.columns[place{database, table, column}]++
				}
				return nil
			})
			if err != nil {
				d.t.Fatalf("%s.%s: %v", database, table, err)
			}
		}
	}
	return w
}

// idSet finds ids as text, and in bytes as text or as sixteen bytes.
type idSet map[uuid.UUID]bool

var idForm = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

func setOf(ids []string) idSet {
	known := idSet{}
	for _, id := range ids {
		known[uuid.MustParse(id)] = true
	}
	return known
}

func (s idSet) in(value string) bool {
	if text, isBytes := strings.CutPrefix(value, `\x`); isBytes {
		if raw, err := hex.DecodeString(text); err == nil {
			for i := 0; i+16 <= len(raw); i++ {
				if s[uuid.UUID(raw[i:i+16])] {
					return true
				}
			}
			value = string(raw)
		}
	}
	return slices.ContainsFunc(idForm.FindAllString(value, -1), func(id string) bool { return s[uuid.MustParse(id)] })
}

// nobodyIsLeft holds every row against the census: where her ids may remain, and which tables are empty by now but for letters.
func (d *dumps) nobodyIsLeft(declared *census.Census, ids, letters []string) {
	d.t.Helper()
	w := d.found(slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(letters, id) }))
	w.rows[place{"intake", "contact", ""}] -= len(letters) / 2 // a record and its unit
	for at, n := range w.columns {
		table := d.declared(declared, at)
		if !declared.ByMachine(table) && !slices.Contains(table.Remains, at.column) {
			d.t.Errorf("%d rows of %s.%s bear an id of hers in %s, and the census does not say that it may remain", n, at.database, at.table, at.column)
		}
	}
	for at, n := range w.rows {
		table := d.declared(declared, at)
		if n > 0 && declared.Ends(table) {
			d.t.Errorf("%d rows are left in %s.%s, whose time is over", n, at.database, at.table)
		}
	}
}

func (d *dumps) declared(c *census.Census, at place) census.Table {
	d.t.Helper()
	database, _ := c.Database(at.database)
	table, there := database.Table(at.table)
	if !there {
		d.t.Errorf("%s.%s is not declared", at.database, at.table)
	}
	return table
}

// clean scans a fresh dump of every table.
func (d *dumps) clean(set *needles.Set) {
	d.t.Helper()
	for database, conn := range d.conns {
		for _, table := range d.strings(database, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`) {
			var dump bytes.Buffer
			if _, err := conn.PgConn().CopyTo(d.t.Context(), &dump, `COPY (SELECT * FROM `+pgx.Identifier{table}.Sanitize()+`) TO STDOUT`); err != nil {
				d.t.Fatal(err)
			}
			if finds := in(d.t, set, dump.Bytes()); len(finds) > 0 {
				d.t.Errorf("a dump of %s holds canary %d as %s", filepath.Join(database, table), finds[0].Needle, finds[0].Form)
			}
		}
	}
}
