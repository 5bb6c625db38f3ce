package tiles

import (
	"errors"
	"iter"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Width is how many hashes, or entries, are in a full tile: 2 to the height.
const (
	Width  = 1 << height
	height = 8
)

// Entries is the level of the leaves themselves.
const Entries = -1

// Checkpoint is the path of the newest signed note.
const Checkpoint = "checkpoint"

// Tile names one file: hashes (or entries) Number×256 and those that follow, Width
// of them, at a level from 0 to 63 or Entries.
type Tile struct {
	Level  int
	Number int64
	Width  int // 1 to 256
}

// ErrPath says that a path names no tile.
var ErrPath = errors.New("not the path of a tile")

// longestPath is more than a tile of the largest log needs.
const longestPath = 64

// Parse reads the two parts of a path, `0` and `x001/234.p/7`, each tile in its
// only form.
func Parse(level, number string) (Tile, error) {
	l, entries := level, level == "entries"
	if entries {
		l = "data"
	}
	if len(number) > longestPath || level == "data" {
		return Tile{}, ErrPath
	}
	t, err := tlog.ParseTilePath("tile/" + strconv.Itoa(height) + "/" + l + "/" + number)
	if err != nil || t.N < 0 || t.L > 63 {
		return Tile{}, ErrPath
	}
	return Tile{Level: t.L, Number: t.N, Width: t.W}, nil
}

// Path is where the tile lies below the log's address.
func (t Tile) Path() string {
	path := tlog.Tile{H: height, L: t.Level, N: t.Number, W: t.Width}.Path()
	path = strings.TrimPrefix(path, "tile/"+strconv.Itoa(height)+"/")
	if t.Level == Entries {
		path = "entries" + strings.TrimPrefix(path, "data")
	}
	return "tile/" + path
}

// In says whether a log of this many leaves has all of the tile.
func (t Tile) In(size int64) bool {
	there := size >> (height * max(t.Level, 0))
	return t.Number <= there>>height && t.Number<<height+int64(t.Width) <= there
}

// First is the place of the tile's first hash at its level, or of its first entry.
func (t Tile) First() int64 { return t.Number << height }

// Hashes are the ids of the tile's hashes, as golang.org/x/mod/sumdb/tlog numbers
// them. Ask only for a tile that is In a log.
func (t Tile) Hashes() []int64 {
	ids := make([]int64, t.Width)
	for i := range ids {
		ids[i] = tlog.StoredHashIndex(height*t.Level, t.First()+int64(i))
	}
	return ids
}

// At are the tiles of one level of a log of this many leaves, in order, the last
// one as wide as it is.
func At(level int, size int64) iter.Seq[Tile] {
	return func(yield func(Tile) bool) {
		there := size >> (height * max(level, 0))
		for n := int64(0); n<<height < there; n++ {
			if !yield(Tile{level, n, int(min(Width, there-n<<height))}) {
				return
			}
		}
	}
}
