package acceptance

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gallra.se/libs/pg"
	"gallra.se/services/gallra/internal/embedded"
)

// loot is everything that an attacker has got hold of: rows of databases as of several moments, root keys of keystores, and
// events, from outboxes and from the streams' files.
type loot struct {
	rows   map[string][]row // by DATABASE.TABLE
	roots  map[string][][]byte
	events map[string]event // by id
}

type row map[string]any

// event is what matters of a CloudEvent.
type event struct {
	ID     string                     `json:"id"`
	Type   string                     `json:"type"`
	Source string                     `json:"source"`
	KeyID  string                     `json:"keyid"`
	Data   map[string]json.RawMessage `json:"data"`
}

func newLoot() *loot {
	return &loot{rows: map[string][]row{}, roots: map[string][][]byte{}, events: map[string]event{}}
}

// bytesOf is a bytea column of a row; nil when it is null or none.
func (r row) bytesOf(column string) []byte {
	text, ok := r[column].(string)
	if !ok || !strings.HasPrefix(text, `\x`) {
		return nil
	}
	raw, err := hex.DecodeString(text[2:])
	if err != nil {
		return nil
	}
	return raw
}

func (r row) text(column string) string {
	text, _ := r[column].(string)
	return text
}

// takeRows is a logical dump of every database of a server.
func (l *loot) takeRows(t *testing.T, connect func(database string) *pgx.Conn) (rows int) {
	t.Helper()
	ctx := t.Context()
	names, err := collect(ctx, connect("postgres"), `SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'`)
	if err != nil || len(names) < 8 {
		t.Fatalf("databases: %v %v", names, err)
	}
	for _, name := range names {
		db := connect(name)
		tables, err := collect(ctx, db, `SELECT format('%I', table_name) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			lines, err := collect(ctx, db, `SELECT row_to_json(x)::text FROM `+table+` AS x`)
			if err != nil {
				t.Fatalf("dump %s.%s: %v", name, table, err)
			}
			for _, line := range lines {
				var r row
				if err := json.Unmarshal([]byte(line), &r); err != nil {
					t.Fatal(err)
				}
				rows++
				l.rows[name+"."+table] = append(l.rows[name+"."+table], r)
				l.takeEvents(r.bytesOf("payload"))
			}
		}
	}
	return rows
}

func collect(ctx context.Context, db *pgx.Conn, sql string) ([]string, error) {
	rows, err := db.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// takeEvents finds CloudEvents in any bytes.
func (l *loot) takeEvents(raw []byte) {
	for {
		at := bytes.Index(raw, []byte(`{"specversion"`))
		if at < 0 {
			return
		}
		raw = raw[at:]
		var e event
		if json.NewDecoder(bytes.NewReader(raw)).Decode(&e) == nil && e.ID != "" {
			l.events[e.ID] = e
		}
		raw = raw[1:]
	}
}

// takeStreams reads the files of the nats-server.
func (l *loot) takeStreams(t *testing.T, layout embedded.Layout) (events int) {
	t.Helper()
	before := len(l.events)
	err := filepath.WalkDir(layout.Nats(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		l.takeEvents(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return len(l.events) - before
}

// takeRoots reads every file of every keystore.
func (l *loot) takeRoots(t *testing.T, layout embedded.Layout) (files int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Dir(layout.Keystore("any")), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if len(raw) == 32 {
			service := filepath.Base(filepath.Dir(path))
			l.roots[service] = append(l.roots[service], raw)
			files++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// joined is what two attackers have together.
func (l *loot) joined(other *loot) *loot {
	both := newLoot()
	for _, one := range []*loot{l, other} {
		for name, rows := range one.rows {
			both.rows[name] = append(both.rows[name], rows...)
		}
		for name, roots := range one.roots {
			both.roots[name] = append(both.roots[name], roots...)
		}
		for id, e := range one.events {
			both.events[id] = e
		}
	}
	return both
}

// baseBackup copies a running server's files as PostgreSQL's handbook says, without the files of its log.
func baseBackup(t *testing.T, db *pgx.Conn, layout embedded.Layout) (dir string) {
	t.Helper()
	dir = dataDir(t)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), `SELECT pg_backup_start('attack', true)`); err != nil {
		t.Fatal(err)
	}
	copyTree(t, layout.Postgres(), dir)
	var label string
	if err := db.QueryRow(t.Context(), `SELECT labelfile FROM pg_backup_stop(false)`).Scan(&label); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"data/postmaster.pid", "lock"} {
		_ = os.Remove(filepath.Join(dir, left))
	}
	into(t, filepath.Join(dir, "data", "backup_label"), label, filepath.Join(dir, "data", "PG_VERSION"))
	return dir
}

// copyTree copies files with their owners; what vanishes meanwhile is passed over, as in any base backup.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), "cp", "-a", from+"/.", to).CombinedOutput()
	if err != nil && !bytes.Contains(said, []byte("No such file")) {
		t.Fatalf("copy %s: %v %s", from, err, said)
	}
}

// into writes a file that belongs to whom another one does.
func into(t *testing.T, path, text, like string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), "chown", "--reference="+like, path).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, said)
	}
}

// restored starts the server of a base backup, with the log that was archived since, and gives connections to it.
func restored(t *testing.T, backup, log string) func(database string) *pgx.Conn {
	t.Helper()
	copyTree(t, log, filepath.Join(backup, "data", "pg_wal"))
	server, err := pg.Launch(t.Context(), pg.LaunchConfig{Dir: backup, Settings: map[string]string{"fsync": "off"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return serverOf(t, backup)
}

// serverOf gives superuser's connections to the server that runs in a directory.
func serverOf(t *testing.T, dir string) func(database string) *pgx.Conn {
	return func(database string) *pgx.Conn {
		t.Helper()
		password, err := os.ReadFile(filepath.Join(dir, "superuser"))
		if err != nil {
			t.Fatal(err)
		}
		pid, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(pid), "\n") // pid, data directory, start time, port, socket directory
		config, err := pgx.ParseConfig(fmt.Sprintf("host=%s port=%s user=gallra sslmode=disable database=%s", lines[4], strings.TrimSpace(lines[3]), database))
		if err != nil {
			t.Fatal(err)
		}
		config.Password = string(password)
		conn, err := pgx.ConnectConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close(context.Background()) })
		return conn
	}
}
