package keyring

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"gallra.se/libs/clock"
)

// Status is how a keyring stands: counts, and when what was done. It holds no key and
// names nobody. Times are the machine's, UTC.
type Status struct {
	Provider   string    `json:"provider"`        // of the keystore: "file", "openbao"
	Generation int64     `json:"generation"`      // the one that counts
	Held       []int64   `json:"held"`            // root keys in the keystore; more than one: a rotation is not ended
	RotatedAt  time.Time `json:"rotatedAt"`       // when the root key was made; zero where the keystore does not say
	Pages      int       `json:"pages"`           // keys in the page table
	Units      int       `json:"units"`           // that live
	Renewing   int       `json:"renewing"`        // of them with two keys
	Transport  Transport `json:"transport"`       // keys that others seal to
	Index      *Index    `json:"index,omitempty"` // look-ups, where there are any
	Copy       *Copy     `json:"copy,omitempty"`  // the second medium, where there is one
}

// Transport counts transport keys.
type Transport struct {
	Living  int `json:"living"`  // given out to senders
	Retired int `json:"retired"` // kept for what is sealed to them and not applied yet
	Overdue int `json:"overdue"` // of these, for longer than OverdueAfter
}

// OverdueAfter is how long (Pace) a retired transport key may be kept before somebody
// has to look why.
const OverdueAfter = 48 * time.Hour

// Index is how the look-ups stand.
type Index struct {
	Buckets    int       `json:"buckets"`
	Entries    int       `json:"entries"`
	ReplacedAt time.Time `json:"replacedAt"` // when the oldest of their keys were made
}

// Copy is the copy on the second medium. Where there is none yet, only Dir is set.
type Copy struct {
	Dir        string    `json:"dir"`
	Generation int64     `json:"generation"` // behind the keyring's: a rotation is not ended
	At         time.Time `json:"at"`
	Bytes      int64     `json:"bytes"`
}

// Status looks at key database, keystore and second medium; now is the machine's time.
// It changes nothing. A rotation that is under way is waited for, but not long: what is
// left of one that was given up shows.
func (r *Ring) Status(ctx context.Context, now time.Time) (s Status, err error) {
	for range 20 {
		s, err = r.status(ctx, now)
		if err != nil || s.whole() {
			return s, err
		}
		if err := clock.Sleep(ctx, 100*time.Millisecond); err != nil {
			return s, err
		}
	}
	return s, nil
}

// whole says that no rotation is to be ended.
func (s *Status) whole() bool {
	return len(s.Held) == 1 && s.Held[0] == s.Generation && (s.Copy == nil || s.Copy.Generation == s.Generation)
}

func (r *Ring) status(ctx context.Context, now time.Time) (s Status, err error) {
	var index Index
	var replacedAt *time.Time
	err = r.db.QueryRow(ctx, `SELECT g.current,
			(SELECT count(*) FROM key_page), (SELECT count(*) FROM key_unit WHERE page IS NOT NULL), (SELECT count(*) FROM key_unit WHERE fresh IS NOT NULL),
			(SELECT count(*) FROM key_transport WHERE NOT retired), (SELECT count(*) FROM key_transport WHERE retired),
			(SELECT count(*) FROM key_transport WHERE retired AND retired_at < $1),
			(SELECT count(*) FROM key_page WHERE special AND kind LIKE 'index/%'), (SELECT count(*) FROM key_lookup),
			(SELECT min(made_at) FROM key_page WHERE special AND kind LIKE 'sort/%')
		FROM key_generation g`, now.Add(-OverdueAfter)).Scan(&s.Generation, &s.Pages, &s.Units, &s.Renewing,
		&s.Transport.Living, &s.Transport.Retired, &s.Transport.Overdue, &index.Buckets, &index.Entries, &replacedAt)
	if err != nil {
		return s, fmt.Errorf("look at key database: %w", err)
	}
	if replacedAt != nil {
		index.ReplacedAt = replacedAt.UTC()
		s.Index = &index
	}
	if s.Held, err = r.store.Generations(ctx); err != nil {
		return s, err
	}
	if s.Provider, s.RotatedAt, err = r.described(ctx, s.Generation); err != nil {
		return s, err
	}
	if r.copies != "" {
		s.Copy, err = copyUnder(r.copies)
	}
	return s, err
}

// described asks the keystore what it can say. A root key that a rotation has just
// taken away was made at no time that is worth waiting for.
func (r *Ring) described(ctx context.Context, generation int64) (provider string, madeAt time.Time, err error) {
	said, ok := r.store.(Described)
	if !ok {
		return "unknown", madeAt, nil
	}
	madeAt, err = said.MadeAt(ctx, generation)
	if errors.Is(err, ErrNoKey) {
		held, listing := r.store.Generations(ctx)
		if listing == nil && slices.ContainsFunc(held, func(n int64) bool { return n > generation }) {
			err = nil
		}
	}
	return said.Provider(), madeAt, err
}

func copyUnder(dir string) (*Copy, error) {
	info, err := CopyIn(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &Copy{Dir: dir}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at second medium: %w", err)
	}
	return &Copy{Dir: dir, Generation: info.Generation, At: info.At, Bytes: info.Bytes}, nil
}
