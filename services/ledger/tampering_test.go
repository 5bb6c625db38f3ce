package ledger_test

import (
	"net"
	"strings"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/services/ledger"
)

func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// Each row is what somebody with the database's password might do.
var tampering = []struct{ name, statement, fault string }{
	{"nothing", `SELECT 1`, ""},
	{"a leaf deleted", `DELETE FROM leaf WHERE index = 2`, "leaf 2 is missing"},
	{"the first leaf deleted", `DELETE FROM leaf WHERE index = 0`, "leaf 0 is missing"},
	{"the last leaf deleted", `DELETE FROM leaf WHERE index = 6`, "leaf 6 is missing"},
	{"the last leaf deleted and the size put back", `DELETE FROM leaf WHERE index = 6; UPDATE tree SET size = 6`, "sign more leaves"},
	{"a leaf changed", `UPDATE leaf SET text = replace(text, '2025-05-01', '2025-05-02') WHERE index = 3`, "leaf 3 does not give the stored hash"},
	{"a leaf without its form", `UPDATE leaf SET text = text || 'note: x' WHERE index = 3`, "leaf 3 is not in its canonical form"},
	{"a rule counted otherwise", `UPDATE leaf SET rule = 'AFC-13' WHERE index = 4`, "leaf 4 has columns that differ"},
	{"a record renamed", `UPDATE leaf SET record = gen_random_uuid() WHERE index = 4`, "leaf 4 has columns that differ"},
	{"two leaves exchanged", `UPDATE leaf SET index = 90 WHERE index = 1; UPDATE leaf SET index = 1 WHERE index = 5; UPDATE leaf SET index = 5 WHERE index = 90`, "leaf 1 does not give"},
	{"a hash changed", `UPDATE node SET hash = sha256(hash) WHERE id = 2`, "stored hash 2"},
	{"a hash deleted", `DELETE FROM node WHERE id = 6`, "stored hash 6"},
	{"a hash too many", `INSERT INTO node VALUES (100, sha256('x'))`, "beyond"},
	{"a leaf too many", `INSERT INTO leaf SELECT 7, kind, gen_random_uuid(), authority, rule, text FROM leaf WHERE index = 6`, "beyond"},
	{"a checkpoint of more", `INSERT INTO checkpoint SELECT 8, note FROM checkpoint`, "sign more leaves"},
	{"a checkpoint changed", `UPDATE checkpoint SET note = replace(note, E'\n7\n', E'\n8\n')`, "not one that this ledger signed"},
	{"leaf, hashes and checkpoint rewritten", `DELETE FROM leaf; DELETE FROM node; UPDATE tree SET size = 0`, "sign more leaves"},
}

func TestARowTouchedByHandIsFound(t *testing.T) {
	t.Parallel()
	for _, row := range tampering {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 7))
			s.awaitSigned(7)
			if _, err := s.db.Exec(t.Context(), row.statement); err != nil {
				t.Fatal(err)
			}
			var verdict ledger.Verdict
			s.ask("ask.ledger.check", &verdict)
			if verdict.OK != (row.fault == "") || !strings.Contains(verdict.Fault, row.fault) {
				t.Errorf("verdict: %+v", verdict)
			}
		})
	}
}
