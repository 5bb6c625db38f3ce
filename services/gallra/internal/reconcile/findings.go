package reconcile

import (
	"fmt"
	"maps"
	"slices"

	"gallra.se/libs/clock"
)

// Seen is everything that the judgement rests on.
type Seen struct {
	Reports []clock.Report    // of every instance
	Ends    map[string]uint64 // last sequence of each stream
	Awaited []string          // services that must have an instance
	Ledger  Verdict           // the ledger's own check
	Summary Summary           // of holders and ledger
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
	for _, report := range s.Reports {
		r.add(sent(report), nothingParked(report))
		r.add(read(report, s.Ends)...)
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

func sent(r clock.Report) Finding {
	return Finding{r.Service + " has published all that it committed", r.Unsent == 0, fmt.Sprintf("%d events unsent", r.Unsent)}
}

func nothingParked(r clock.Report) Finding {
	return Finding{r.Service + " has set nothing aside", r.Parked == 0, fmt.Sprintf("%d keys parked", r.Parked)}
}

func read(r clock.Report, ends map[string]uint64) []Finding {
	var out []Finding
	for _, stream := range slices.Sorted(maps.Keys(r.Positions)) {
		at, end := r.Positions[stream], ends[stream]
		out = append(out, Finding{r.Service + " has read " + stream, at >= end, fmt.Sprintf("read to %d of %d", at, end)})
	}
	return out
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
