package backup

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Piece is a part of a backup with a lifetime of its own.
type Piece string

const (
	Data       Piece = "data"
	Statistics Piece = "statistics"
	Keys       Piece = "keys"
	Keystore   Piece = "keystore"
	Ledger     Piece = "ledger"
)

// Pieces are all of them, in the order in which their databases are read.
func Pieces() []Piece { return []Piece{Ledger, Statistics, Data, Keys, Keystore} }

// newestOnly says that an older copy of a piece must not be: it would bring back what was destroyed.
func (p Piece) newestOnly() bool { return p == Keys || p == Keystore || p == Statistics }

// ParsePieces reads a list such as `data,ledger`; keys are never taken without the keystore.
func ParsePieces(text string) ([]Piece, error) {
	if text == "" {
		return Pieces(), nil
	}
	wanted := map[Piece]bool{}
	for _, name := range strings.Split(text, ",") {
		switch piece := Piece(name); piece {
		case Data, Statistics, Ledger:
			wanted[piece] = true
		case Keys, Keystore:
			wanted[Keys], wanted[Keystore] = true, true
		default:
			return nil, fmt.Errorf("there is no piece %q: give data, statistics, keys (with the keystore) or ledger", name)
		}
	}
	var pieces []Piece
	for _, piece := range Pieces() {
		if wanted[piece] {
			pieces = append(pieces, piece)
		}
	}
	return pieces, nil
}

const idForm = "20060102T150405.000000Z"

var idLike = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}\.[0-9]{6}Z$`)

// idOf names a backup by its moment (UTC, the machine's time): names in order are backups in order.
func idOf(at time.Time) string { return at.UTC().Format(idForm) }
