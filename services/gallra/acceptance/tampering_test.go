package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/importer"
	"gallra.se/services/gallra/internal/launch"
)

func reconciles(t *testing.T, system *launch.System) {
	t.Helper()
	if status, out, errs := gallraFor(t, system, "reconcile"); status != 0 || strings.Contains(out, "FAIL") {
		t.Errorf("%d %s %s", status, out, errs)
	}
}

// leafDeletedByHand deletes one leaf behind the ledger's back.
func leafDeletedByHand(t *testing.T, system *launch.System, api *client.Client, digest string) {
	t.Helper()
	db := asSuperuser(t, system, "ledger")
	if tag, err := db.Exec(t.Context(), `DELETE FROM leaf WHERE index = 7`); err != nil || tag.RowsAffected() != 1 {
		t.Fatalf("%v %v", tag, err)
	}
	if status, out, _ := gallraFor(t, system, "reconcile"); status != 1 || !strings.Contains(out, "FAIL") {
		t.Errorf("reconcile does not notice: %d %s", status, out)
	}
	disposals, err := importer.Disposals(t.Context(), api)
	if err == nil && disposals.Digest() == digest {
		t.Error("the digest is the same without the leaf")
	}
}

// asSuperuser connects as the person who has the machine.
func asSuperuser(t *testing.T, system *launch.System, database string) *pgx.Conn {
	t.Helper()
	password, err := os.ReadFile(filepath.Join(system.Dir, "postgres", "superuser"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := os.ReadFile(filepath.Join(system.Dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(pid), "\n") // pid, data directory, start time, port, socket directory
	config, err := pgx.ParseConfig("host=" + lines[4] + " port=" + lines[3] + " user=gallra sslmode=disable database=" + database)
	if err != nil {
		t.Fatal(err)
	}
	config.Password = string(password)
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	return conn
}
