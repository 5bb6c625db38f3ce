// Package admission takes judged contacts in: first a key, then one transaction
// with row, counters and events, then the answer. Nothing is answered before it
// is committed, and what is refused leaves no row, key or event.
//
//	judged lines ──► known? ──► repeat: the first answer again, or a conflict
//	             └─► note sealed to case-linker ──► unit key ──► one transaction
//
// Lines that arrive together share key and data transactions.
package admission

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"gallra.se/libs/clock"
	"gallra.se/libs/keyring"
	"gallra.se/libs/outbox"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/trace"
	"gallra.se/services/intake/internal/caselinker"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/store"
)

// Desk admits contacts.
type Desk struct {
	DB       *pgxpool.Pool
	Keys     *keyring.Ring
	Box      *outbox.Box
	Business clock.Business
	Policy   *policy.Set
	Sealer   *caselinker.Sealer
	Log      *slog.Logger

	queue queue
	busy  atomic.Int64
	work  atomic.Uint64
}

// Answer is what the sender of an accepted line hears.
type Answer struct {
	ID            uuid.UUID `json:"id"`
	Stored        []string  `json:"stored"`
	Dropped       []string  `json:"dropped"`
	NoticeVersion string    `json:"noticeVersion"`
	NoticeURL     string    `json:"noticeUrl"`

	Document *uuid.UUID `json:"document,omitempty"` // the official document that came with it, a record of its own
}

// Result of one line: an answer, or a refusal or fault.
type Result struct {
	Answer    Answer
	Duplicate bool
	Err       error
}

// With adds what became of the document that came with a line; where that failed, so did the line.
func (r Result) With(document Result) Result {
	if document.Err != nil {
		return Result{Err: document.Err}
	}
	r.Answer.Document = &document.Answer.ID
	for _, name := range document.Answer.Stored {
		if !slices.Contains(r.Answer.Stored, name) {
			r.Answer.Stored = append(slices.Clone(r.Answer.Stored), name)
		}
	}
	return r
}

func answer(id uuid.UUID, r contact.Record) Answer {
	return Answer{ID: id, Stored: r.Stored, Dropped: r.Dropped, NoticeVersion: r.Notice.Version, NoticeURL: r.Notice.URL}
}

// arrival is a line with the trace of the request that brought it: lines of
// several senders may share a batch.
type arrival struct {
	contact.Contact
	trace string
}

// Admit takes the lines of one request in, in their order: of two with one source
// id the first is the one that counts.
func (d *Desk) Admit(ctx context.Context, lines []contact.Contact) []Result {
	arrivals, from := make([]arrival, len(lines)), trace.Traceparent(ctx)
	for i, line := range lines {
		arrivals[i] = arrival{line, from}
	}
	return d.admit(ctx, arrivals)
}

func (d *Desk) admit(ctx context.Context, lines []arrival) []Result {
	d.busy.Add(1)
	defer d.busy.Add(-1)
	defer d.work.Add(1)
	results := make([]Result, len(lines))
	todo := make([]int, len(lines))
	for i := range lines {
		todo[i] = i
	}
	for len(todo) > 0 {
		rest, err := d.round(ctx, lines, todo, results)
		if err != nil {
			for _, i := range todo {
				results[i] = Result{Err: err}
			}
			return results
		}
		todo = rest
	}
	return results
}

// round settles the first line of each source and returns what is left: repeats
// within the batch, and lines that another batch has taken in meanwhile.
func (d *Desk) round(ctx context.Context, lines []arrival, todo []int, results []Result) (rest []int, err error) {
	var sources []store.Source
	var firsts []int
	of, seen := map[int]store.Source{}, map[store.Source]bool{}
	for _, i := range todo {
		source, err := d.source(ctx, lines[i].Contact)
		if err != nil {
			return nil, err
		}
		of[i] = source
		if seen[source] {
			rest = append(rest, i)
			continue
		}
		seen[source] = true
		sources, firsts = append(sources, source), append(firsts, i)
	}
	known, err := store.Known(ctx, d.DB, sources)
	if err != nil {
		return nil, err
	}
	var fresh []entry
	for _, i := range firsts {
		if before, ok := known[of[i]]; ok {
			results[i] = d.repeat(ctx, lines[i].Contact, before)
			continue
		}
		fresh = append(fresh, entry{index: i, source: of[i], contact: lines[i].Contact, trace: lines[i].trace})
	}
	overtaken, err := d.enter(ctx, fresh, results)
	return append(overtaken, rest...), err
}

func (d *Desk) source(ctx context.Context, c contact.Contact) (store.Source, error) {
	mac, err := d.Keys.TombstoneMAC(ctx, c.Authority, []byte(c.SourceID))
	if err != nil {
		return store.Source{}, fmt.Errorf("recognise source: %w", err)
	}
	return store.Source{Authority: c.Authority, MAC: [32]byte(mac)}, nil
}

// Report says what is being taken in.
func (d *Desk) Report(context.Context) (clock.State, error) {
	return clock.State{Busy: int(d.busy.Load()), Work: d.work.Load()}, nil
}

func unavailable(ctx context.Context, log *slog.Logger, err error) error {
	log.WarnContext(ctx, "case-linker's transport key cannot be had", "error", err.Error())
	return problem.Unavailable(retryAfter)
}
