package backup

import (
	"fmt"
	"path/filepath"
)

// Chosen names copies by folder; what is empty is looked for among Backups: the data by At, of everything the newest.
type Chosen struct {
	Backups                                  string // the folder that `gallra backup --to` was given
	At                                       string // id of the data's copy; empty: the newest
	Data, Statistics, Keys, Keystore, Ledger string
	KeyCopy                                  string // second medium, instead of the copy of the key databases
}

// Open finds and checks the copies. A piece that there is not is left out, but data come with keys, keystore and ledger.
func (c Chosen) Open() (r Restoring, err error) {
	defer func() {
		if err != nil {
			r.Close()
		}
	}()
	for _, of := range []struct {
		piece Piece
		given string
		into  **Copy
	}{{Data, c.Data, &r.Data}, {Statistics, c.Statistics, &r.Statistics}, {Keys, c.Keys, &r.Keys}, {Keystore, c.Keystore, &r.Keystore}, {Ledger, c.Ledger, &r.Ledger}} {
		if of.piece == Keys && c.KeyCopy != "" {
			continue
		}
		dir, err := c.find(of.piece, of.given)
		if err != nil {
			return r, err
		}
		if dir == "" {
			if of.piece == Statistics {
				continue
			}
			return r, fmt.Errorf("no copy of %s: data without keys, keystore and ledger cannot be brought back; give --%s DIR or --backups DIR", of.piece, flagOf(of.piece))
		}
		if *of.into, err = OpenCopy(dir, of.piece); err != nil {
			return r, err
		}
	}
	r.KeyCopy = c.KeyCopy
	return r, nil
}

func flagOf(p Piece) string {
	if p == Data {
		return "from"
	}
	return string(p)
}

func (c Chosen) find(piece Piece, given string) (string, error) {
	if given != "" || c.Backups == "" {
		return given, nil
	}
	ids, err := IDs(c.Backups, piece)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	id := ids[len(ids)-1]
	if piece == Data && c.At != "" {
		if !idLike.MatchString(c.At) {
			return "", fmt.Errorf("%.40q is no id of a backup: `gallra backup --json` prints it, such as 20260215T020000.000000Z", c.At)
		}
		id = c.At
	}
	return filepath.Join(c.Backups, string(piece), id), nil
}

// Close lets go of all copies.
func (r *Restoring) Close() {
	for _, c := range []*Copy{r.Data, r.Statistics, r.Keys, r.Keystore, r.Ledger} {
		c.Close()
	}
}
