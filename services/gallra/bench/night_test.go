package bench_test

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"

	"gallra.se/libs/clock"
	"gallra.se/services/gallra/internal/client"
)

// due is how many records are due the same night.
var due = fromEnvironment("GALLRA_BENCH_DUE", 200_000)

// The night: a call of eve's fifteen months before and a person who was deregistered twenty-six months before go at the
// same local midnight.
var (
	eve      = time.Date(2024, 5, 15, 12, 0, 0, 0, stockholm())
	midnight = time.Date(2024, 5, 16, 0, 0, 0, 0, stockholm())
)

func stockholm() *time.Location {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	return zone
}

// BenchmarkMonthEnd is the night in which many records are due at once: from the instant until the last of them is
// unrecoverable, and until each has a receipt. The whole system runs, PostgreSQL and nats-server with it, on simulated
// time. The floor does the same by hand on the same PostgreSQL: rows, keys with one rotation a batch, leaves.
func BenchmarkMonthEnd(b *testing.B) {
	for b.Loop() {
		w := newWorld(b, "--clock", "simulated="+eve.UTC().Format(time.RFC3339))
		loaded := time.Now()
		n := load(b, w, due)
		advance(b, w, midnight.Add(-time.Second))
		b.Logf("%d records loaded in %s", n, time.Since(loaded).Round(time.Second))
		floor, byHand := floorNight(b, w, n)
		checkpoint(b, w)
		night := ourNight(b, w, int64(n))
		b.ReportMetric(floor, "floor-records/s")
		b.ReportMetric(float64(n)/night.unrecoverable.Seconds(), "records/s")
		b.ReportMetric(float64(n)/night.unrecoverable.Seconds()/floor, "of-floor")
		b.ReportMetric(night.unrecoverable.Seconds(), "s-to-unrecoverable")
		b.ReportMetric(night.receipts.Seconds(), "s-to-receipts")
		b.ReportMetric(float64(night.used.Microseconds())/float64(n), "cpu-us/record")
		b.ReportMetric(float64(byHand.Microseconds())/float64(n), "floor-cpu-us/record")
		b.ReportMetric(night.begin, "begin-MB")
		b.ReportMetric(night.peak, "peak-MB")
		b.ReportMetric(night.end, "end-MB")
	}
	b.ReportMetric(0, "ns/op")
}

// night is what was seen of one.
type night struct {
	unrecoverable, receipts time.Duration
	used                    time.Duration // of processors
	begin, peak, end        float64       // MB
}

const patience = 10 * time.Minute

// ourNight takes the clock over midnight and looks on: at the keys that there are, and at the leaves that are signed for.
func ourNight(b *testing.B, w world, records int64) (n night) {
	intakeKeys, caseKeys, ledger := w.database(b, "intake_keys"), w.database(b, "case_linker_keys"), w.database(b, "ledger")
	before, err := size(b.Context(), ledger, signedLeaves)
	must(b, err)
	w.profile(syscall.SIGUSR1)
	n.begin = w.resident()
	used, start := w.used(), time.Now()
	begin(b, w)
	for signed := int64(0); signed < before+records; {
		if time.Since(start) > patience {
			b.Fatalf("after %s %d of %d records have a receipt", patience, signed-before, records)
		}
		must(b, clock.Sleep(b.Context(), 50*time.Millisecond))
		n.peak = max(n.peak, w.resident())
		if n.unrecoverable == 0 {
			inIntake, err := size(b.Context(), intakeKeys, livingKeys)
			must(b, err)
			inCases, err := size(b.Context(), caseKeys, livingKeys)
			must(b, err)
			if inIntake+inCases == 0 {
				n.unrecoverable = time.Since(start)
			}
		}
		signed, err = size(b.Context(), ledger, signedLeaves)
		must(b, err)
	}
	n.receipts, n.used = time.Since(start), w.used()-used
	w.profile(syscall.SIGUSR2)
	n.end = w.resident()
	advance(b, w, midnight.Add(time.Second)) // settles: nothing else was to be done
	return n
}

// begin takes the clock to midnight and lets it stand there. Nobody waits for the system to settle, as nobody does in life:
// it would be asked all the time.
func begin(b *testing.B, w world) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	go func() { _, _ = w.api.Advance(ctx, midnight) }()
	for {
		now, err := w.api.Clock(ctx)
		must(b, err)
		if !now.Now.Before(midnight) {
			return
		}
		must(b, clock.Sleep(ctx, time.Millisecond))
	}
}

const (
	livingKeys   = `SELECT coalesce(sum(units), 0)::bigint FROM key_page WHERE NOT special`
	signedLeaves = `SELECT coalesce(max(size), 0)::bigint FROM checkpoint`
)

func (w world) profile(what syscall.Signal) {
	if os.Getenv(profileDir) != "" {
		_ = syscall.Kill(w.Pid(), what)
	}
}

func advance(b *testing.B, w world, to time.Time) {
	b.Helper()
	must(b, goTo(b.Context(), w, to))
}

// goTo advances the clock. A settle that gives up, because there is so much to do, is begun again.
func goTo(ctx context.Context, w world, to time.Time) error {
	var err error
	for range 5 {
		var at client.Clock
		if at, err = w.api.Advance(ctx, to); err == nil && !at.Now.Before(to) {
			return nil
		}
	}
	return err
}

// checkpoint gives both the same start: nothing that was written before is written out meanwhile.
func checkpoint(b *testing.B, w world) {
	b.Helper()
	exec(b, w.database(b, "postgres"), "CHECKPOINT")
}
