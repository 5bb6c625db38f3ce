package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/gallra/internal/evidence"
	"gallra.se/services/ledger/receipt"
)

// saved is a directory as somebody keeps it: receipts, checkpoints of three days, proofs between them.
type saved struct {
	t               *testing.T
	dir             string
	public, witness string
}

func newSaved(t *testing.T) saved {
	t.Helper()
	s := saved{t: t, dir: t.TempDir()}
	log, public := noteKey(t, receipt.Origin)
	witness, second := noteKey(t, "tillsyn.example")
	s.public, s.witness = public, second
	s.keep(evidence.PublicKeyFile, public+"\n")
	for _, kind := range []string{"", "other-"} { // a log, and one that differs in its first leaf
		var hashes []tlog.Hash
		reader := tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
			out := make([]tlog.Hash, len(ids))
			for i, id := range ids {
				out[i] = hashes[id]
			}
			return out, nil
		})
		for n := range 9 {
			leaf := receipt.Leaf{Kind: receipt.Extracted, Record: fmt.Sprintf("2f0c1c9e-8a57-4c7e-9d5c-%012x", n), Authority: "arbetsformedlingen", Rule: "AFG-58",
				Policy: "1", Records: int64(n), IssuedAt: time.Date(2025, 5, 1, 8, 0, 0, 0, time.UTC), Commitment: make([]byte, 32)}
			if n == 0 && kind != "" {
				leaf.Records = 99
			}
			text, err := leaf.Text()
			s.must(err)
			more, err := tlog.StoredHashes(int64(n), []byte(text), reader)
			s.must(err)
			hashes = append(hashes, more...)
			size := int64(n + 1)
			root, err := tlog.TreeHash(size, reader)
			s.must(err)
			checkpoint, err := receipt.Sign(size, root, log, witness)
			s.must(err)
			s.keep(fmt.Sprintf("%s%d.checkpoint", kind, size), checkpoint.Note())
			proof, err := tlog.ProveRecord(size, int64(n), reader)
			s.must(err)
			file, err := receipt.Format(receipt.Receipt{Leaf: leaf, Index: int64(n), Proof: proof, Checkpoint: checkpoint})
			s.must(err)
			s.keep(fmt.Sprintf("%s%d.receipt", kind, size), string(file))
			tree, err := tlog.ProveTree(size, min(size, 4), reader)
			s.must(err)
			s.keep(fmt.Sprintf("%s4-%d.proof", kind, size), receipt.Consistency{From: min(size, 4), To: size, Proof: tree}.Format())
		}
	}
	s.keep("garbage", "garbage\n")
	s.keep("huge", strings.Repeat("x", 1<<20))
	return s
}

func noteKey(t *testing.T, name string) (note.Signer, string) {
	t.Helper()
	secret, public, err := note.GenerateKey(nil, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

func (s saved) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s saved) keep(name, text string) {
	s.t.Helper()
	s.must(os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600))
}

// run is a command line in which names of saved files stand for their paths.
func (s saved) run(args ...string) (status int, out, errs string) {
	s.t.Helper()
	for i, arg := range args {
		if _, err := os.Stat(filepath.Join(s.dir, arg)); err == nil && arg != "" {
			args[i] = filepath.Join(s.dir, arg)
		}
	}
	var stdout, stderr bytes.Buffer
	status = Main(args, &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

func TestVerifySaysByItsStatusWhetherThereIsAVerdict(t *testing.T) {
	t.Parallel()
	s := newSaved(t)
	nowhere := "http://127.0.0.1:1"
	for _, row := range []struct {
		args   string
		status int
		says   string
	}{
		{"verify 3.receipt", 0, "verified: extract"},
		{"verify 3.receipt 9.receipt", 0, "which was not checked: give --witness"},
		{"verify 3.receipt --witness " + s.witness, 0, "under AFG-58\n"},
		{"verify 3.receipt --witness " + s.public, 1, "not signed by the witness"},
		{"verify 3.receipt --key " + s.witness, 1, "another log"},
		{"verify 3.receipt 3.checkpoint", 1, "FAILED: not in its only form"},
		{"verify garbage", 1, "FAILED"}, {"verify huge", 1, "FAILED"},
		{"verify 3.receipt --key x", 4, "neither a public key"},
		{"verify 3.receipt --key garbage", 4, "neither a public key"},
		{"verify", 2, "name a receipt"},
		{"verify nothing.receipt", 2, "nothing.receipt"},

		{"verify --checkpoint 4.checkpoint 9.checkpoint --proof 4-9.proof", 0, "the log of 9 leaves begins with the log of 4"},
		{"verify --checkpoint 4.receipt 9.receipt --proof 4-9.proof --witness " + s.witness, 0, "begins"},
		{"verify --checkpoint 4.checkpoint 4.checkpoint --proof 4-4.proof", 0, "begins"},
		{"verify --checkpoint other-4.checkpoint 9.checkpoint --proof 4-9.proof", 1, "does not continue"},
		{"verify --checkpoint 4.checkpoint other-9.checkpoint --proof other-4-9.proof", 1, "does not continue"},
		{"verify --checkpoint 9.checkpoint 4.checkpoint --proof 4-9.proof", 1, "does not continue"},
		{"verify --checkpoint 4.checkpoint 8.checkpoint --proof 4-9.proof", 1, "does not continue"},
		{"verify --checkpoint 4.checkpoint 9.checkpoint --proof garbage", 1, "not in its only form"},
		{"verify --checkpoint garbage 9.checkpoint --proof 4-9.proof", 1, "the older checkpoint"},
		{"verify --checkpoint 4.checkpoint huge --proof 4-9.proof", 1, "the younger checkpoint"},
		{"verify --checkpoint 4.checkpoint 9.checkpoint 8.checkpoint --proof 4-9.proof", 4, "one checkpoint is older"},
		{"verify --checkpoint 4.checkpoint 9.checkpoint --url " + nowhere, 4, "could not look"},
		{"verify --checkpoint 4.checkpoint --all", 2, "can't be used together"},

		{"verify --all --url " + nowhere, 4, "could not look"},
		{"verify --all --log " + s.dir, 1, "there is no checkpoint"},
		{"verify --all 3.receipt", 4, "takes no files"},
		{"verify --all --log " + t.TempDir(), 4, "there is no ledger.pub"},
	} {
		status, out, errs := s.run(strings.Fields(row.args)...)
		if status != row.status || !strings.Contains(out+errs, row.says) {
			t.Errorf("gallra %s: %d\n%s%s", row.args, status, out, errs)
		}
	}
}

func TestVerifyPrintsItsVerdictsAsJSON(t *testing.T) {
	t.Parallel()
	s := newSaved(t)
	for args, want := range map[string]string{
		"verify --json 3.receipt":            `"ok": true`,
		"verify --json garbage":              `"ok": false`,
		"verify --json --all --log " + s.dir: `"ok": false`,
		"verify --json --checkpoint 4.checkpoint 9.checkpoint --proof 4-9.proof":       `"from": 4`,
		"verify --json --checkpoint other-4.checkpoint 9.checkpoint --proof 4-9.proof": `"fault": "the younger log does not continue`,
	} {
		_, out, errs := s.run(strings.Fields(args)...)
		if !json.Valid([]byte(out)) || !strings.Contains(out, want) {
			t.Errorf("gallra %s:\n%s%s", args, out, errs)
		}
	}
}

func TestAWitnessMakesItsKeyOnce(t *testing.T) {
	t.Parallel()
	s := saved{t: t, dir: t.TempDir()}
	file := filepath.Join(s.dir, "witness.key")
	status, public, errs := s.run("witness", "key", "--name", "tillsyn.example", "--out", file)
	if _, err := note.NewVerifier(strings.TrimSpace(public)); status != 0 || err != nil {
		t.Fatalf("%d %v %s", status, err, errs)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	for _, bad := range [][]string{{"--name", "tillsyn.example", "--out", file}, {"--name", "a b", "--out", file + "2"}, {"--name", receipt.Origin, "--out", file + "2"},
		{"--name", "tillsyn.example", "--out", filepath.Join(s.dir, "witness.key", "x")}} {
		if status, out, errs := s.run(append([]string{"witness", "key"}, bad...)...); status != 1 || out != "" || strings.Contains(errs, "PRIVATE") {
			t.Errorf("%v: %d %s %s", bad, status, out, errs)
		}
	}
}
