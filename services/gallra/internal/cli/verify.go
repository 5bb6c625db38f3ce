package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gallra.se/services/gallra/internal/client"
	"gallra.se/services/gallra/internal/evidence"
)

type verifyCommand struct {
	target
	asJSON
	Files      []string `arg:"" optional:"" type:"existingfile" help:"Receipts; with --checkpoint the younger checkpoint."`
	Key        string   `help:"The ledger's public key, as text or the file that holds it; by default the file ledger.pub beside the receipt; for --all and --checkpoint, where there is none, what the system says." placeholder:"KEY"`
	Witness    string   `help:"Public key of a witness, likewise: its signature must be there too." placeholder:"KEY"`
	Checkpoint string   `type:"existingfile" xor:"what" help:"An older checkpoint, or a receipt, which holds one: the younger must continue its log." placeholder:"OLD"`
	Proof      string   `type:"existingfile" help:"Proof of that, as GET /v1/ledger/consistency gives it; by default the system at --url is asked." placeholder:"FILE"`
	All        bool     `xor:"what" help:"Check the whole log: every leaf, hash, tile and receipt, and the signature."`
	Log        string   `type:"existingdir" help:"With --all: a log that was saved, instead of the system at --url." placeholder:"DIR"`
	Save       string   `help:"With --all: save the log that is checked." placeholder:"DIR"`
}

func (verifyCommand) Help() string {
	return `A receipt needs no system and no network: it and the ledger's public key are enough. A checkpoint that somebody has kept
shows later that nothing was taken out of the log since. The whole log is read by operators alone.

  gallra verify receipts/*.receipt
  gallra verify 2f0c1c9e.receipt --key gallra.se/ledger+0a1b2c3d+AVx…
  gallra verify --checkpoint of-may.checkpoint of-june.checkpoint --proof may-june.proof
  gallra verify --checkpoint 2f0c1c9e.receipt
  gallra verify --all --save log
  gallra verify --all --log log

Exit status 1 when something does not verify, 4 when it could not be looked at.`
}

// errNotLooked says that there is no verdict, neither good nor bad.
var errNotLooked = errors.New("could not look")

// Validate wants something to look at.
func (c verifyCommand) Validate() error {
	if !c.All && c.Checkpoint == "" && len(c.Files) == 0 {
		return errors.New("name a receipt, or give --checkpoint or --all")
	}
	return nil
}

func (c verifyCommand) Run(ctx context.Context, t terminal) error {
	switch {
	case c.All:
		return c.all(ctx, t)
	case c.Checkpoint != "":
		return c.continuity(ctx, t)
	}
	return c.receipts(t)
}

// verified is what is printed of one receipt.
type verified struct {
	File    string `json:"file"`
	OK      bool   `json:"ok"`
	Verdict string `json:"verdict"`
	Note    string `json:"note,omitempty"` // what was not looked at
}

func (c verifyCommand) receipts(t terminal) error {
	var all []verified
	failed, unseen := 0, 0
	for _, path := range c.Files {
		v, err := c.receipt(path)
		switch {
		case err == nil:
		case evidence.Refuted(err):
			failed++
			v = verified{File: path, Verdict: "FAILED: " + err.Error()}
		default:
			unseen++
			v = verified{File: path, Verdict: "NOT LOOKED AT: " + err.Error()}
		}
		all = append(all, v)
	}
	if err := printVerified(t, c.JSON, all); err != nil {
		return err
	}
	switch {
	case failed == 1 && len(c.Files) == 1:
		return errors.New("the receipt does not verify")
	case failed > 0:
		return fmt.Errorf("%d of %d receipts do not verify", failed, len(c.Files))
	case unseen > 0:
		return fmt.Errorf("%w at %d of %d receipts", errNotLooked, unseen, len(c.Files))
	}
	return nil
}

func (c verifyCommand) receipt(path string) (verified, error) {
	keys, err := evidence.KeysFor(c.Key, c.Witness, filepath.Dir(path))
	if err != nil {
		return verified{}, err
	}
	r, err := evidence.Receipt(path, keys)
	if err != nil {
		return verified{}, err
	}
	v := verified{File: path, OK: true, Verdict: "verified: " + evidence.Describe(r.Leaf)}
	if r.Checkpoint.Witnessed() && c.Witness == "" {
		v.Note = "signed by " + r.Checkpoint.Witness.Signer + " too, which was not checked: give --witness"
	}
	return v, nil
}

func printVerified(t terminal, asJSON bool, all []verified) error {
	if asJSON {
		return printJSON(t.Out, map[string]any{"receipts": all})
	}
	for _, v := range all {
		line := v.File + ": " + v.Verdict
		if v.Note != "" {
			line += " (" + v.Note + ")"
		}
		if _, err := fmt.Fprintln(t.Out, line); err != nil {
			return err
		}
	}
	return nil
}

// keysOnline are the keys given, else beside a file, else what the system itself says.
func (c verifyCommand) keysOnline(ctx context.Context, api *client.Client, beside string) (evidence.Keys, error) {
	keys, err := evidence.KeysFor(c.Key, c.Witness, beside)
	if errors.Is(err, evidence.ErrNoKey) {
		keys.Log, err = api.LedgerKey(ctx)
	}
	return keys, err
}

// judged prints nothing and says by its status whether an error is a verdict.
func judged(err error) error {
	if err == nil || evidence.Refuted(err) {
		return err
	}
	return fmt.Errorf("%w: %w", errNotLooked, err)
}

func saveKey(dir, key string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, evidence.PublicKeyFile), []byte(key+"\n"), 0o644)
}
