package follow

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/bus"
	"gallra.se/libs/calendar"
	"gallra.se/libs/clock"
	"gallra.se/libs/policy"
)

// every is how long an instance may count by a pack that another has replaced, in Pace.
const every = 5 * time.Second

// Follower keeps one instance's Set on the newest activations in DB. It is safe for concurrent use.
type Follower struct {
	Set *policy.Set // the service's own clone
	DB  *pgxpool.Pool
	Log *slog.Logger

	mu   sync.Mutex       // never held over a query
	seen map[string]int64 // authority → number of the activation that was looked at last
}

// activated is policy.activated.v1 as far as it matters here.
type activated struct {
	Authority string        `json:"authority"`
	Version   string        `json:"version"`
	ValidFrom calendar.Date `json:"validFrom"`
	Hash      string        `json:"hash"`
	Files     []struct {
		Name string `json:"name"`
		Text string `json:"text"`
	} `json:"files"`
}

// Handle stores what policy.activated says. The second delivery changes nothing; a pack that does not parse is refused for
// good and the last good one stays. The Set follows after the commit, by Refresh.
func (f *Follower) Handle(ctx context.Context, tx pgx.Tx, ev bus.Event) error {
	var e activated
	if err := ev.Into(&e); err != nil {
		return err
	}
	files := map[string]string{}
	for _, file := range e.Files {
		files[file.Name] = file.Text
	}
	return Store(ctx, tx, Activation{Authority: e.Authority, Version: e.Version, ValidFrom: e.ValidFrom, Hash: e.Hash, Files: files, ActivatedAt: ev.Time()})
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Refresh puts the newest stored packs into the Set.
func (f *Follower) Refresh(ctx context.Context) error { return f.Catch(ctx, f.DB) }

// stored is an activation without its text.
type stored struct {
	Authority, Version string
	N                  int64
}

// Catch is Refresh inside a transaction, for whoever must count by what others have committed before it.
func (f *Follower) Catch(ctx context.Context, db Queryer) error {
	rows, err := db.Query(ctx, `SELECT DISTINCT ON (authority) authority, version, n FROM policy_activation ORDER BY authority, n DESC`)
	if err != nil {
		return fmt.Errorf("refresh policy: %w", err)
	}
	newest, err := pgx.CollectRows(rows, pgx.RowToStructByPos[stored])
	if err != nil {
		return fmt.Errorf("refresh policy: %w", err)
	}
	for _, a := range newest {
		if f.isNew(a) {
			if err := f.fetch(ctx, db, a); err != nil {
				return fmt.Errorf("refresh policy: %w", err)
			}
		}
	}
	return nil
}

func (f *Follower) isNew(a stored) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return a.N > f.seen[a.Authority]
}

// fetch reads a stored pack and takes it. If this binary cannot read it, it says so once and leaves the pack at hand.
func (f *Follower) fetch(ctx context.Context, db Queryer, a stored) error {
	var files map[string]string
	if err := db.QueryRow(ctx, `SELECT files FROM policy_activation WHERE authority = $1 AND n = $2`, a.Authority, a.N).Scan(&files); err != nil {
		return err
	}
	pack, err := policy.Parse(a.Authority, files)
	if err != nil {
		f.Log.ErrorContext(ctx, "stored policy cannot be read here, the last good one stays", "authority", a.Authority, "version", a.Version, "error", err)
	}
	if f.take(a, pack) {
		f.Log.InfoContext(ctx, "policy taken up", "authority", a.Authority, "version", a.Version)
	}
	return nil
}

// take replaces the pack at hand by a stored one, unless a later one was taken meanwhile, or the pack at hand goes on from
// the stored one: a newer binary brought it.
func (f *Follower) take(a stored, pack *policy.Pack) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if a.N <= f.seen[a.Authority] {
		return false
	}
	if f.seen == nil {
		f.seen = map[string]int64{}
	}
	f.seen[a.Authority] = a.N
	if held, ok := f.Set.Pack(a.Authority); pack == nil || ok && held.Version != a.Version && knows(held, a.Version) {
		return false
	}
	f.Set.Replace(pack)
	return true
}

func knows(p *policy.Pack, version string) bool {
	return slices.ContainsFunc(p.Versions, func(v policy.Version) bool { return v.Name == version })
}

// Run refreshes every five seconds until ctx ends. A database that cannot be reached is asked again.
func (f *Follower) Run(ctx context.Context) error {
	for {
		if err := f.Refresh(ctx); err != nil && ctx.Err() == nil {
			f.Log.WarnContext(ctx, "policy not refreshed", "error", err)
		}
		if err := clock.Sleep(ctx, every); err != nil {
			return err
		}
	}
}

// Report refreshes first: where every instance has reported, every instance counts by the newest pack.
func (f *Follower) Report(ctx context.Context) (clock.State, error) {
	return clock.State{}, f.Refresh(ctx)
}

// Ensure sees to it that the version, or each of several with a blank between them, is one that the authority's pack knows.
// The error is transient: the activation is on its way, and the event that named it is to be tried again.
func (f *Follower) Ensure(ctx context.Context, authority, version string) error {
	if f.known(authority, version) {
		return nil
	}
	if err := f.Refresh(ctx); err != nil {
		return err
	}
	if !f.known(authority, version) {
		return fmt.Errorf("policy %s of %s has not arrived yet", version, authority)
	}
	return nil
}

func (f *Follower) known(authority, version string) bool {
	p, ok := f.Set.Pack(authority)
	return ok && !slices.ContainsFunc(strings.Fields(version), func(v string) bool { return !knows(p, v) })
}
