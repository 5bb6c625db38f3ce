package receipt

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Kind is what a leaf bears witness of.
type Kind string

const (
	Disposed  Kind = "disposed"  // a record was destroyed
	Delivered Kind = "delivered" // a recipient was given data
	Sealed    Kind = "sealed"    // a package was sealed for the archive
	Extracted Kind = "extract"   // a person was given what is kept about them
)

// Leaf is one act. Which fields count depends on Kind: see forms. Instants are
// UTC with at most microseconds, DueOn is a civil date in the authority's zone.
type Leaf struct {
	Kind      Kind
	Record    string // random id: of the record, the disclosure, the package or the extract
	Authority string
	Rule      string // the requirement that decided
	Policy    string // version of the policy pack

	Category        string
	Trigger         string
	DueOn           string
	DueAt           time.Time
	RemovedAt       time.Time
	UnrecoverableAt time.Time
	Commitment      []byte

	Recipient   string
	Fields      []string // names of the fields delivered, never a value
	Decision    string
	DeliveredAt time.Time

	Archive  string // who takes the package over
	Records  int64  // how many are in the package, or in the extract
	SealedAt time.Time
	IssuedAt time.Time
}

// forms is the order of lines for each kind. It never changes: what is in a log
// stays as it is. A new line means a new kind.
var forms = map[Kind][]line{
	Disposed: {
		identifier("record", func(l *Leaf) *string { return &l.Record }),
		code("authority", func(l *Leaf) *string { return &l.Authority }),
		code("category", func(l *Leaf) *string { return &l.Category }),
		code("rule", func(l *Leaf) *string { return &l.Rule }),
		code("trigger", func(l *Leaf) *string { return &l.Trigger }),
		date("due-on", func(l *Leaf) *string { return &l.DueOn }),
		instant("due-at", func(l *Leaf) *time.Time { return &l.DueAt }),
		instant("removed-at", func(l *Leaf) *time.Time { return &l.RemovedAt }),
		instant("unrecoverable-at", func(l *Leaf) *time.Time { return &l.UnrecoverableAt }),
		code("policy", func(l *Leaf) *string { return &l.Policy }),
		bytes("commitment", func(l *Leaf) *[]byte { return &l.Commitment }),
	},
	Delivered: {
		identifier("disclosure", func(l *Leaf) *string { return &l.Record }),
		code("authority", func(l *Leaf) *string { return &l.Authority }),
		code("recipient", func(l *Leaf) *string { return &l.Recipient }),
		list("fields", func(l *Leaf) *[]string { return &l.Fields }),
		code("decision", func(l *Leaf) *string { return &l.Decision }),
		code("rule", func(l *Leaf) *string { return &l.Rule }),
		code("policy", func(l *Leaf) *string { return &l.Policy }),
		instant("delivered-at", func(l *Leaf) *time.Time { return &l.DeliveredAt }),
	},
	Sealed: {
		identifier("package", func(l *Leaf) *string { return &l.Record }),
		code("authority", func(l *Leaf) *string { return &l.Authority }),
		code("archive", func(l *Leaf) *string { return &l.Archive }),
		count("records", func(l *Leaf) *int64 { return &l.Records }),
		code("rule", func(l *Leaf) *string { return &l.Rule }),
		code("policy", func(l *Leaf) *string { return &l.Policy }),
		instant("sealed-at", func(l *Leaf) *time.Time { return &l.SealedAt }),
		bytes("commitment", func(l *Leaf) *[]byte { return &l.Commitment }),
	},
	Extracted: {
		identifier("extract", func(l *Leaf) *string { return &l.Record }),
		code("authority", func(l *Leaf) *string { return &l.Authority }),
		count("records", func(l *Leaf) *int64 { return &l.Records }),
		code("rule", func(l *Leaf) *string { return &l.Rule }),
		code("policy", func(l *Leaf) *string { return &l.Policy }),
		instant("issued-at", func(l *Leaf) *time.Time { return &l.IssuedAt }),
		bytes("commitment", func(l *Leaf) *[]byte { return &l.Commitment }),
	},
}

// textSize is room for the usual leaf, and maxText leaves a receipt room for its
// proof: whatever is in the log has a receipt.
const (
	textSize = 512
	maxText  = MaxSize / 2
)

// Text is the canonical form of the leaf: the very bytes that are hashed into
// the log.
func (l Leaf) Text() (string, error) {
	form, known := forms[l.Kind]
	if !known {
		return "", fmt.Errorf("%w: unknown kind of leaf", ErrForm)
	}
	var text strings.Builder
	text.Grow(textSize)
	text.WriteString("leaf: " + string(l.Kind) + "\n")
	for _, line := range form {
		value, err := line.write(&l)
		if err != nil {
			return "", fmt.Errorf("%w: %s: %w", ErrForm, line.name, err)
		}
		text.WriteString(line.name + ": " + value + "\n")
	}
	if text.Len() > maxText {
		return "", fmt.Errorf("%w: longer than %d bytes", ErrForm, maxText)
	}
	return text.String(), nil
}

// Hash is the leaf's hash in the log (RFC 6962: SHA-256 of 0x00 and the text).
func (l Leaf) Hash() (tlog.Hash, error) {
	text, err := l.Text()
	if err != nil {
		return tlog.Hash{}, err
	}
	return tlog.RecordHash([]byte(text)), nil
}

// ParseLeaf reads the canonical form of a leaf and nothing else.
func ParseLeaf(text string) (Leaf, error) {
	r := reader{rest: text}
	leaf, err := r.leaf()
	if err != nil {
		return Leaf{}, err
	}
	if r.rest != "" {
		return Leaf{}, fmt.Errorf("%w: lines after the leaf", ErrForm)
	}
	again, err := leaf.Text()
	if err != nil {
		return Leaf{}, err
	}
	if again != text {
		return Leaf{}, fmt.Errorf("%w: not the canonical form", ErrForm)
	}
	return leaf, nil
}
