// Package selfcheck computes the log anew from its leaves and compares what it
// finds with everything that is stored and signed. It finds a row that was
// changed, added or deleted by hand, and says which. It mends nothing.
package selfcheck

import (
	"errors"
	"fmt"
)

// Verdict is what was found. Fault names the first thing that is not as it must
// be; leaves are random ids and codes, so it can be shown to anyone.
type Verdict struct {
	OK         bool   `json:"ok"`
	Leaves     int64  `json:"leaves"`         // found and computed
	Checkpoint int64  `json:"checkpoint"`     // size that the newest checkpoint signs, -1 for none
	Root       string `json:"root,omitempty"` // of all leaves, when nothing is wrong
	Fault      string `json:"fault,omitempty"`
}

// fault is a finding, not a failure to look.
type fault struct{ what string }

func (f fault) Error() string { return f.what }

func found(format string, args ...any) error { return fault{fmt.Sprintf(format, args...)} }

// judge turns a finding into a verdict; any other error stays an error.
func judge(v Verdict, err error) (Verdict, error) {
	var f fault
	switch {
	case err == nil:
		v.OK = true
		return v, nil
	case errors.As(err, &f):
		v.Root, v.Fault = "", f.what
		return v, nil
	}
	return Verdict{}, fmt.Errorf("check the log: %w", err)
}
