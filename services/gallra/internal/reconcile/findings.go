package reconcile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"gallra.se/libs/bus"
	"gallra.se/libs/clock"
)

// Seen is everything that the judgement rests on.
type Seen struct {
	Reports    []clock.Report       // of every instance
	Ends       map[string]uint64    // last sequence of each stream
	Awaited    []string             // services that must have an instance
	Orders     map[string]bus.Order // of every service that reads streams
	Deliveries []Delivery           // from each outbox to each inbox
	Ledger     Verdict              // the ledger's own check
	Summary    Summary              // of holders and ledger
}

// Verdict is what the ledger found when it computed its log anew.
type Verdict struct {
	OK         bool   `json:"ok"`
	Leaves     int64  `json:"leaves"`
	Checkpoint int64  `json:"checkpoint"`
	Fault      string `json:"fault,omitempty"`
}

// Summary is the counts that must add up.
type Summary struct {
	Stored   map[string]int64 `json:"stored"`
	Living   map[string]int64 `json:"living"`
	Disposed map[string]int64 `json:"disposed"`
}

// Finding is one thing that was looked at.
type Finding struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Said string `json:"said"`
}

// Result is all findings; OK only when each is.
type Result struct {
	OK       bool      `json:"ok"`
	Findings []Finding `json:"findings"`
}

// Judge compares what was seen.
func Judge(s Seen) Result {
	r := Result{OK: true}
	r.add(present(s)...)
	r.add(whole(s.Reports)...)
	for _, report := range s.Reports {
		r.add(sent(report), nothingParked(report))
		r.add(read(report, s.Ends)...)
	}
	for _, service := range slices.Sorted(maps.Keys(s.Orders)) {
		r.add(ordered(service, s.Orders[service]))
	}
	slices.SortFunc(s.Deliveries, func(a, b Delivery) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	for _, d := range s.Deliveries {
		r.add(delivered(d))
	}
	r.add(ledger(s.Ledger), accounted(s.Summary))
	return r
}

func (r *Result) add(findings ...Finding) {
	for _, f := range findings {
		r.OK = r.OK && f.OK
		r.Findings = append(r.Findings, f)
	}
}

func present(s Seen) []Finding {
	var out []Finding
	for _, service := range s.Awaited {
		here := slices.ContainsFunc(s.Reports, func(r clock.Report) bool { return r.Service == service })
		if !here {
			out = append(out, Finding{service + " answers", false, "no instance answered"})
		}
	}
	return out
}

// whole says of each service whose instances share its partitions whether none is left out: the positions of an instance
// speak for its own share alone.
func whole(reports []clock.Report) []Finding {
	instances := map[string]int{}
	for _, r := range reports {
		if r.Share.Of > 0 {
			instances[r.Service]++
		}
	}
	divided := clock.Divided(reports)
	var out []Finding
	for _, service := range slices.Sorted(maps.Keys(instances)) {
		n, ok := instances[service], !slices.Contains(divided, service)
		if n > 1 || !ok {
			out = append(out, Finding{"instances of " + service + " apply all partitions", ok, fmt.Sprintf("%d instances share them", n)})
		}
	}
	return out
}

// name tells instances of one service apart.
func name(r clock.Report) string {
	if r.Share.Of > 1 {
		return fmt.Sprintf("%s (%d of %d)", r.Service, r.Share.Rank+1, r.Share.Of)
	}
	return r.Service
}

func sent(r clock.Report) Finding {
	return Finding{name(r) + " has published all that it committed", r.Unsent == 0, fmt.Sprintf("%d events unsent", r.Unsent)}
}

func nothingParked(r clock.Report) Finding {
	return Finding{name(r) + " has set nothing aside", r.Parked == 0, fmt.Sprintf("%d keys parked", r.Parked)}
}

func read(r clock.Report, ends map[string]uint64) []Finding {
	var out []Finding
	for _, stream := range slices.Sorted(maps.Keys(r.Positions)) {
		at, end := r.Positions[stream], ends[stream]
		out = append(out, Finding{name(r) + " has read " + stream, at >= end, fmt.Sprintf("read to %d of %d", at, end)})
	}
	return out
}

func ordered(service string, o bus.Order) Finding {
	return Finding{service + " has applied events in the order of their key", o.Inverted == 0,
		fmt.Sprintf("%d of %d events after a later one of their key", o.Inverted, o.Events)}
}

func ledger(v Verdict) Finding {
	said := fmt.Sprintf("%d leaves, checkpoint at %d", v.Leaves, v.Checkpoint)
	if v.Fault != "" {
		said = v.Fault
	}
	return Finding{"the ledger computes to what it signed", v.OK, said}
}

// accounted compares totals: every record ever stored is living or was disposed of with
// a leaf in the ledger.
func accounted(s Summary) Finding {
	stored, living, disposed := total(s.Stored), total(s.Living), total(s.Disposed)
	return Finding{"every record stored is living or has a receipt", stored == living+disposed,
		fmt.Sprintf("%d stored, %d living, %d receipts", stored, living, disposed)}
}

func total(counts map[string]int64) (n int64) {
	for _, one := range counts {
		n += one
	}
	return n
}
