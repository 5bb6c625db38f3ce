package importer

// Verdict is the answer to one line.
type Verdict struct {
	Duplicate bool
	Reason    string // of a refusal; empty when the line was accepted
	Status    int
}

// Tally is what the import saw.
type Tally struct {
	Lines      int            `json:"lines"`
	Accepted   int            `json:"accepted"`
	Refused    int            `json:"refused"`
	Duplicates int            `json:"duplicates"`
	Refusals   map[string]int `json:"refusals"`
}

// NewTally counts from nothing.
func NewTally() *Tally { return &Tally{Refusals: map[string]int{}} }

// Count adds one answer.
func (t *Tally) Count(v Verdict) {
	t.Lines++
	switch {
	case v.Reason != "":
		t.Refused++
		t.Refusals[v.Reason]++
	case v.Duplicate:
		t.Duplicates++
	default:
		t.Accepted++
	}
}
