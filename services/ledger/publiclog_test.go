package ledger_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/events"
	"gallra.se/libs/bearer"
	"gallra.se/services/ledger"
	"gallra.se/services/ledger/receipt"
	"gallra.se/services/ledger/tiles"
)

// overHTTP reads the log over HTTP, as somebody or as anyone.
type overHTTP struct {
	*system
	who *bearer.Claims
}

func (o overHTTP) Read(_ context.Context, path string) ([]byte, error) {
	status, body := o.get("/v1/ledger/"+path, o.who)
	switch status {
	case http.StatusOK:
		return []byte(body), nil
	case http.StatusNotFound:
		return nil, tiles.ErrMissing
	}
	return nil, fmt.Errorf("%s: %d", path, status)
}

// Height, ReadTiles and SaveTiles are tlog.TileReader, of golang.org/x/mod's own client of logs in tiles.
func (overHTTP) Height() int                     { return 8 }
func (overHTTP) SaveTiles([]tlog.Tile, [][]byte) {}
func (o overHTTP) ReadTiles(wanted []tlog.Tile) (files [][]byte, err error) {
	for _, t := range wanted {
		file, err := o.Read(o.t.Context(), strings.Replace(t.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func (s *system) checkpoint() receipt.Checkpoint {
	s.t.Helper()
	_, note := s.get("/v1/ledger/checkpoint", nil)
	c, err := receipt.ParseCheckpoint(note)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *system) publicKey() string {
	s.t.Helper()
	_, key := s.get("/v1/ledger/key", nil)
	return strings.TrimSpace(key)
}

func TestAnyoneReadsTheLogInTilesAndTwoIndependentLibrariesAgree(t *testing.T) {
	t.Parallel()
	s := start(t)
	public := overHTTP{s, nil}
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 300))
	s.awaitSigned(300)
	older := s.checkpoint()
	_, early := s.get("/v1/ledger/tile/0/001.p/44", nil)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 333))
	s.awaitSigned(633)
	younger := s.checkpoint()

	if v, err := tiles.Check(t.Context(), overHTTP{s, operator}, s.publicKey()); err != nil || !v.OK || v.Leaves != 633 || v.Root != younger.Root.String() {
		t.Errorf("the whole log: %+v %v", v, err)
	}
	if _, late := s.get("/v1/ledger/tile/0/001.p/44", nil); late != early || len(late) != 44*tlog.HashSize {
		t.Errorf("a partial tile has changed from %d to %d bytes", len(early), len(late))
	}
	through := tlog.TileHashReader(tlog.Tree{N: younger.Size, Hash: younger.Root}, public)
	if root, err := tlog.TreeHash(older.Size, through); err != nil || root != older.Root {
		t.Errorf("golang.org/x/mod reads another root of the older log: %v", err)
	}
	for _, line := range s.receipts("?after=250&limit=10", operator) {
		r, err := receipt.Parse([]byte(line.Receipt))
		if err != nil {
			t.Fatal(err)
		}
		leaf, _ := r.Leaf.Hash()
		record, err := tlog.ProveRecord(younger.Size, r.Index, through)
		if err != nil || tlog.CheckRecord(record, younger.Size, younger.Root, r.Index, leaf) != nil {
			t.Errorf("leaf %d by golang.org/x/mod: %v", r.Index, err)
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(r.Index), uint64(younger.Size), leaf[:], hashes(record), younger.Root[:]); err != nil {
			t.Errorf("leaf %d by transparency-dev: %v", r.Index, err)
		}
	}
	_, said := s.get("/v1/ledger/consistency?from=300&to=633", nil)
	c, err := receipt.ParseConsistency([]byte(said))
	if err != nil || receipt.VerifyConsistency(older, younger, c) != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if err := proof.VerifyConsistency(rfc6962.DefaultHasher, 300, 633, hashes(c.Proof), older.Root[:], younger.Root[:]); err != nil {
		t.Errorf("consistency by transparency-dev: %v", err)
	}
	if _, open := s.get("/v1/ledger/consistency?from=300", nil); open != said {
		t.Errorf("without `to` it is another proof:\n%s", open)
	}
	s.isKeptByCaches()
	s.refusesWhatIsNoTile()
}

func hashes(of []tlog.Hash) (out [][]byte) {
	for _, h := range of {
		out = append(out, h[:])
	}
	return out
}

func (s *system) isKeptByCaches() {
	s.t.Helper()
	for path, want := range map[string]string{
		"/v1/ledger/tile/0/000":                 "public, max-age=31536000, immutable",
		"/v1/ledger/consistency?from=1&to=2":    "public, max-age=31536000, immutable",
		"/v1/ledger/consistency?from=1":         "no-cache",
		"/v1/ledger/checkpoint":                 "no-cache",
		"/v1/ledger/tile/0/009":                 "",
		"/v1/ledger/consistency?from=1&to=9000": "",
	} {
		answer, err := http.Get(s.url + path)
		if err != nil {
			s.t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get("Cache-Control"); got != want && !(want == "" && got == "no-store") {
			s.t.Errorf("%s may be kept: %q", path, got)
		}
	}
}

func (s *system) refusesWhatIsNoTile() {
	s.t.Helper()
	for path, want := range map[string]int{
		"tile/0/002.p/122": 404, "tile/0/003": 404, "tile/1/000": 404, "tile/63/000.p/1": 404, "tile/64/000.p/1": 404, "tile/-1/000": 404,
		"tile/data/000": 404, "tile/0/0": 404, "tile/0/000.p/0": 404, "tile/0/000.p/256": 404, "tile/0/x000/000": 404, "tile/0/": 404,
		"tile/0/" + strings.Repeat("x999/", 500) + "999": 404, "tile/0/%2e%2e/000": 404, "tile/0/000%00": 404,
		"consistency": 422, "consistency?from=0": 422, "consistency?from=-1": 422, "consistency?from=x": 422, "consistency?from=2&to=1": 422,
		"consistency?from=1&to=634": 404, "consistency?from=634": 404, "consistency?from=1&from=2": 422, "consistency?from=1&size=2": 422,
		"consistency?from=99999999999999999999": 422, "consistency?from=1&to=9223372036854775807": 404,
		"tile/entries/000": 401,
	} {
		if status, body := s.get("/v1/ledger/"+path, nil); status != want || status == 404 && strings.Contains(body, "999") {
			s.t.Errorf("%.80s: %d %.200s", path, status, body)
		}
	}
	officer := &bearer.Claims{Authority: af, Name: "petra", Roles: []string{"protected-officer", "dpo"}, Appointed: true}
	for path, want := range map[string]int{"tile/entries/000": 403, "tile/entries/999": 403, "tile/entries/x": 403} {
		if status, _ := s.get("/v1/ledger/"+path, officer); status != want {
			s.t.Errorf("%s for an officer: %d", path, status)
		}
	}
	for path, want := range map[string]int{"tile/entries/002.p/121": 200, "tile/entries/002.p/122": 404, "tile/entries/x": 404} {
		if status, _ := s.get("/v1/ledger/"+path, operator); status != want {
			s.t.Errorf("%s for the operator: %d", path, status)
		}
	}
}

// What is found from outside is what selfcheck finds from inside; a checkpoint of less is found by whoever has kept one.
func TestWhoReadsTheWholeLogFindsWhatWasDoneByHand(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 7))
	s.awaitSigned(7)
	for _, step := range []struct{ statement, undo, fault string }{
		{`DELETE FROM node WHERE id = 4`, `INSERT INTO node SELECT 4, hash FROM kept_node WHERE id = 4`, "tile/0/000.p/7 is missing"},
		{`UPDATE node SET hash = sha256(hash) WHERE id = 4`, `UPDATE node SET hash = k.hash FROM kept_node k WHERE k.id = 4 AND node.id = 4`, "other hashes"},
		{`UPDATE leaf SET text = replace(text, '2025-05-01', '2025-05-02') WHERE index = 3`, `UPDATE leaf SET text = replace(text, '2025-05-02', '2025-05-01') WHERE index = 3`, "other hashes"},
		{`UPDATE leaf SET text = text || 'x' WHERE index = 3`, `UPDATE leaf SET text = left(text, -1) WHERE index = 3`, "leaf 3 is not in its canonical form"},
		{`DELETE FROM leaf WHERE index = 3`, ``, "tile/entries/000.p/7 is missing"},
	} {
		for _, statement := range []string{`CREATE TABLE IF NOT EXISTS kept_node AS TABLE node`, step.statement} {
			if _, err := s.db.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		v, err := tiles.Check(t.Context(), overHTTP{s, operator}, s.publicKey())
		if err != nil || v.OK || !strings.Contains(v.Fault, step.fault) {
			t.Errorf("%s: %+v %v", step.statement, v, err)
		}
		if _, err := s.db.Exec(t.Context(), step.undo); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAWitnessSignsEveryCheckpoint(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.stop()
	s.witness = filepath.Join(t.TempDir(), "witness.key")
	witness, err := ledger.MakeWitnessKey(s.witness, "tillsyn.example")
	if err != nil {
		t.Fatal(err)
	}
	s.run()
	s.send(uuid.New(), "contact", af, events.TypeRecordDisposed, disposed("AFC-10", 5))
	s.awaitSigned(5)
	for _, line := range s.receipts("", operator) {
		if err := receipt.Verify([]byte(line.Receipt), s.publicKey(), witness); err != nil {
			t.Error(err)
		}
		if err := receipt.Verify([]byte(line.Receipt), s.publicKey()); err != nil {
			t.Error(err)
		}
	}
	var verdict ledger.Verdict
	if s.ask("ask.ledger.check", &verdict); !verdict.OK {
		t.Errorf("%+v", verdict)
	}
}

func TestTheKeyOfAWitnessIsAnotherPartysAndIsThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, want := range map[string]string{"": "printable ASCII", "a b": "printable ASCII", "a+b": "printable ASCII", "tillsyn.åäö": "printable ASCII",
		receipt.Origin: "another party", "tillsyn.example": ""} {
		_, err := ledger.MakeWitnessKey(filepath.Join(dir, "w"), name)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := ledger.MakeWitnessKey(filepath.Join(dir, "w"), "tillsyn.example"); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("made over another: %v", err)
	}
	s := &system{t: t, db: database(t), keyFile: filepath.Join(dir, "ledger.key")}
	_, s.token, _ = ed25519.GenerateKey(nil)
	for what, file := range map[string]string{"not there": filepath.Join(dir, "nowhere"), "the log's own": s.keyFile, "no key": filepath.Join(dir, "empty")} {
		if err := os.WriteFile(filepath.Join(dir, "empty"), []byte("PRIVATE+KEY+secret-words"), 0o600); err != nil {
			t.Fatal(err)
		}
		d := s.deps(listener(t))
		d.Config.WitnessKeyFile = file
		d.NC = &nats.Conn{} // it does not come to that
		service, err := ledger.New(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := service.Run(t.Context()); err == nil || strings.Contains(err.Error(), "secret-words") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
