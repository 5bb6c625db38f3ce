package tiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"gallra.se/services/ledger/receipt"
)

// Source reads one file of a log, by its path. ErrMissing says that there is none.
type Source interface {
	Read(ctx context.Context, path string) ([]byte, error)
}

// ErrMissing is a file that a log does not have.
var ErrMissing = errors.New("there is no such file in the log")

// Verdict is what a check of the whole log found. Fault names the first thing that
// is not as it must be, and can be shown to anyone.
type Verdict struct {
	OK     bool   `json:"ok"`
	Leaves int64  `json:"leaves"` // computed anew
	Tiles  int64  `json:"tiles"`  // compared
	Root   string `json:"root,omitempty"`
	Fault  string `json:"fault,omitempty"`
}

// fault is a finding, not a failure to look.
type fault struct{ what string }

func (f fault) Error() string { return f.what }

func found(format string, args ...any) error { return fault{fmt.Sprintf(format, args...)} }

// Check reads every leaf of the log that the newest checkpoint signs, computes all
// hashes anew, and compares them with every tile and with the root that is signed
// by the ledger's key, and by the witness's where one is given. An error is a
// failure to look, and says nothing about the log.
func Check(ctx context.Context, from Source, publicKey string, witness ...string) (Verdict, error) {
	c := &checking{ctx: ctx, from: from}
	err := c.all(publicKey, witness)
	v := Verdict{Leaves: c.leaves, Tiles: c.tiles}
	var f fault
	switch {
	case err == nil:
		v.OK, v.Root = true, c.root.String()
		return v, nil
	case errors.As(err, &f):
		v.Fault = f.what
		return v, nil
	}
	return Verdict{}, fmt.Errorf("check the log: %w", err)
}

type checking struct {
	ctx    context.Context
	from   Source
	leaves int64
	tiles  int64
	root   tlog.Hash
}

func (c *checking) all(publicKey string, witness []string) error {
	signed, err := c.checkpoint(publicKey, witness)
	if err != nil {
		return err
	}
	hashes, err := c.entries(signed.Size)
	for level := 0; err == nil && len(hashes) > 0; level++ {
		hashes, err = c.level(level, signed.Size, hashes)
	}
	if err != nil {
		return err
	}
	if c.root != signed.Root {
		return found("the checkpoint of %d leaves signs another root than they give", signed.Size)
	}
	return nil
}

func (c *checking) checkpoint(publicKey string, witness []string) (receipt.Checkpoint, error) {
	note, err := c.from.Read(c.ctx, Checkpoint)
	if errors.Is(err, ErrMissing) {
		return receipt.Checkpoint{}, found("there is no checkpoint: nothing has been signed yet, or it is gone")
	}
	if err != nil {
		return receipt.Checkpoint{}, err
	}
	signed, err := receipt.ParseCheckpoint(string(note))
	if err != nil {
		return signed, found("the checkpoint has not its only form")
	}
	err = signed.Verify(publicKey, witness...)
	if errors.Is(err, receipt.ErrSignature) || errors.Is(err, receipt.ErrWitness) {
		return signed, found("the %s", err)
	}
	return signed, err
}

// entries reads every leaf, and is their hashes. The root is computed on the way,
// by the edge of the tree alone.
func (c *checking) entries(size int64) (hashes []tlog.Hash, err error) {
	var edge edge
	for tile := range At(Entries, size) {
		entries, err := c.bundle(tile)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			if _, err := receipt.ParseLeaf(entry); err != nil {
				return nil, found("leaf %d is not in its canonical form", c.leaves)
			}
			hash := tlog.RecordHash([]byte(entry))
			hashes = append(hashes, hash)
			edge.add(hash)
			c.leaves++
		}
	}
	c.root = edge.root()
	return hashes, nil
}

func (c *checking) bundle(tile Tile) ([]string, error) {
	file, err := c.read(tile)
	if err != nil {
		return nil, err
	}
	entries, err := ParseBundle(file, tile.Width)
	if err != nil {
		return nil, found("%s is not %d entries", tile.Path(), tile.Width)
	}
	return entries, nil
}

// level compares the tiles of a level with the hashes that belong there, and is
// the hashes of the level above: one for each full tile.
func (c *checking) level(level int, size int64, want []tlog.Hash) (above []tlog.Hash, err error) {
	for tile := range At(level, size) {
		hashes := want[tile.First() : tile.First()+int64(tile.Width)]
		file, err := c.read(tile)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(file, Pack(hashes)) {
			return nil, found("%s holds other hashes than the leaves give", tile.Path())
		}
		if tile.Width == Width {
			var full edge
			for _, hash := range hashes {
				full.add(hash)
			}
			above = append(above, full.root())
		}
	}
	return above, nil
}

func (c *checking) read(tile Tile) ([]byte, error) {
	file, err := c.from.Read(c.ctx, tile.Path())
	if errors.Is(err, ErrMissing) {
		return nil, found("%s is missing", tile.Path())
	}
	c.tiles++
	return file, err
}

// Pack is the file of a tile of hashes.
func Pack(hashes []tlog.Hash) []byte {
	file := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, hash := range hashes {
		file = append(file, hash[:]...)
	}
	return file
}
