package acceptance

import (
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
	return serverOf(t, filepath.Join(system.Dir, "postgres"))(database)
}
