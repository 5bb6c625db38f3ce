package receipt

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrRewritten says that of two checkpoints the younger is not the older one with
// leaves added: something that was in the log has been changed or taken out.
var ErrRewritten = errors.New("the younger log does not continue the older one")

// Consistency is the proof that a log of To leaves begins with the log of From
// leaves: RFC 6962, section 2.1.2. As a file it has one form:
//
//	gallra consistency v1
//	from: 41
//	to: 60
//	proof: …                            one line per hash, in RFC 6962's order
type Consistency struct {
	From, To int64
	Proof    []tlog.Hash
}

const consistencyHeading = "gallra consistency v1\n"

// Format writes the one form of a proof of consistency.
func (c Consistency) Format() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%sfrom: %d\nto: %d\n", consistencyHeading, c.From, c.To)
	for _, hash := range c.Proof {
		fmt.Fprintf(&text, "proof: %s\n", hash)
	}
	return text.String()
}

// ParseConsistency reads a proof of consistency and refuses any byte that Format
// would not write again.
func ParseConsistency(file []byte) (Consistency, error) {
	if len(file) > MaxSize {
		return Consistency{}, fmt.Errorf("%w: too long", ErrForm)
	}
	rest, ok := strings.CutPrefix(string(file), consistencyHeading)
	if !ok {
		return Consistency{}, fmt.Errorf("%w: no heading", ErrForm)
	}
	c, err := (&reader{rest: rest}).consistency()
	if err != nil {
		return Consistency{}, err
	}
	if c.Format() != string(file) {
		return Consistency{}, fmt.Errorf("%w: some bytes are not as they would be written", ErrForm)
	}
	return c, nil
}

func (r *reader) consistency() (c Consistency, err error) {
	if c.From, err = r.numberOf("from"); err != nil {
		return c, err
	}
	if c.To, err = r.numberOf("to"); err != nil {
		return c, err
	}
	c.Proof, err = r.hashes()
	return c, err
}

// VerifyConsistency checks that the log of the younger checkpoint begins with the
// log of the older one. It looks at no signature: see Checkpoint.Verify.
func VerifyConsistency(older, younger Checkpoint, c Consistency) error {
	switch {
	case older.Origin != younger.Origin:
		return fmt.Errorf("%w: checkpoints of two logs", ErrRewritten)
	case older.Size > younger.Size:
		return fmt.Errorf("%w: the older has %d leaves, the younger %d", ErrRewritten, older.Size, younger.Size)
	case c.From != older.Size || c.To != younger.Size:
		return fmt.Errorf("%w: it is a proof from %d to %d leaves, and the checkpoints have %d and %d",
			ErrRewritten, c.From, c.To, older.Size, younger.Size)
	}
	if err := tlog.CheckTree(c.Proof, younger.Size, younger.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("%w: %w", ErrRewritten, err)
	}
	return nil
}
