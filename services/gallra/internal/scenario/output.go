package scenario

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Lines reports one line per step. It is safe for files that run at the same time.
type Lines struct {
	W    io.Writer
	JSON bool
	mu   sync.Mutex
}

// stepReport is a step as JSON.
type stepReport struct {
	File   string `json:"file"`
	ID     string `json:"id"`
	Step   int    `json:"step"`
	Steps  int    `json:"steps"`
	At     string `json:"at"`
	Do     string `json:"do"`
	OK     bool   `json:"ok"`
	Failed string `json:"failed,omitempty"`
	Line   int    `json:"line"`
}

// Step prints a step's outcome.
func (l *Lines) Step(file *File, number int, step Step, failure error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do := step.Do
	if do == "" {
		do = "check"
	}
	if l.JSON {
		r := stepReport{file.Path, file.ID, number, len(file.Steps), step.AtText, do, failure == nil, "", step.Line}
		if failure != nil {
			r.Failed = failure.Error()
		}
		_ = json.NewEncoder(l.W).Encode(r)
		return
	}
	outcome := "ok"
	if failure != nil {
		outcome = "FAILED: " + strings.ReplaceAll(failure.Error(), "\n", "; ")
	}
	fmt.Fprintf(l.W, "%s %d/%d %s %s %s\n", file.ID, number, len(file.Steps), step.AtText, do, outcome)
}
