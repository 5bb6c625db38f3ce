// Package summary merges what the services say about themselves into one document of counts. It computes nothing that
// a service has not said, and a service that is silent makes the whole incomplete rather than smaller.
package summary

import (
	"encoding/json"
	"fmt"
)

// Services whose word is needed, in the order they are asked.
var Services = []string{"intake", "case-linker", "ledger", "statistics-pseudonymiser", "disclosure"}

// Counts by name.
type Counts map[string]int64

// Summary is GET /v1/summary.
type Summary struct {
	Dropped       Counts `json:"dropped"`       // by field, before anything was written
	Stored        Counts `json:"stored"`        // by category, ever
	Living        Counts `json:"living"`        // by category, now
	Disposed      Counts `json:"disposed"`      // by the rule that won
	UnlinkedNotes Counts `json:"unlinkedNotes"` // by reason
	Statistics    Counts `json:"statistics"`    // separated, present, disposed
	Disclosures   Counts `json:"disclosures"`   // by decision/state
	Counters      Counts `json:"counters"`      // calls/2024-01 …

	// StatisticsNextDue is for the board: when the next separated row goes, empty where it was not told.
	StatisticsNextDue string `json:"-"`
}

// Merge reads one answer per service.
func Merge(answers map[string][]byte) (Summary, error) {
	s := Summary{Dropped: Counts{}, Stored: Counts{}, Living: Counts{}, Disposed: Counts{}, UnlinkedNotes: Counts{},
		Statistics: Counts{}, Disclosures: Counts{}, Counters: Counts{}}
	for service, data := range answers {
		take, ok := takers[service]
		if !ok {
			continue
		}
		if err := take(&s, data); err != nil {
			return s, fmt.Errorf("read summary of %s: %w", service, err)
		}
	}
	return s, nil
}

var takers = map[string]func(*Summary, []byte) error{
	"intake": takeHolder, "case-linker": takeHolder, "ledger": takeLedger,
	"statistics-pseudonymiser": takeStatistics, "disclosure": takeDisclosure,
}

func takeHolder(s *Summary, data []byte) error {
	var said struct{ Dropped, Stored, Living, UnlinkedNotes, Counters Counts }
	err := json.Unmarshal(data, &said)
	s.Dropped.add(said.Dropped)
	s.Stored.add(said.Stored)
	s.Living.add(said.Living)
	s.UnlinkedNotes.add(said.UnlinkedNotes)
	s.Counters.add(said.Counters)
	return err
}

func takeLedger(s *Summary, data []byte) error {
	var said struct{ Disposed Counts }
	err := json.Unmarshal(data, &said)
	s.Disposed.add(said.Disposed)
	return err
}

func takeStatistics(s *Summary, data []byte) error {
	var said struct {
		Separated, Present, Disposed, Overdue int64
		NextDue                               string
	}
	err := json.Unmarshal(data, &said)
	s.StatisticsNextDue = said.NextDue
	s.Statistics.add(Counts{"separated": said.Separated, "present": said.Present, "disposed": said.Disposed})
	if said.Overdue != 0 {
		s.Statistics["overdue"] = said.Overdue
	}
	return err
}

func takeDisclosure(s *Summary, data []byte) error {
	var said struct{ Disclosures Counts }
	err := json.Unmarshal(data, &said)
	s.Disclosures.add(said.Disclosures)
	return err
}

func (c Counts) add(more Counts) {
	for name, n := range more {
		c[name] += n
	}
}

// Total of all counts.
func (c Counts) Total() (n int64) {
	for _, one := range c {
		n += one
	}
	return n
}
