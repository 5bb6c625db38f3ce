package receipt

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// reader takes a file apart line by line, in the one order that there is.
type reader struct{ rest string }

func (r *reader) line() (string, error) {
	line, rest, ended := strings.Cut(r.rest, "\n")
	if !ended {
		return "", fmt.Errorf("%w: ends within a line", ErrForm)
	}
	r.rest = rest
	return line, nil
}

// value takes the line `name: value`.
func (r *reader) value(name string) (string, error) {
	line, err := r.line()
	if err != nil {
		return "", err
	}
	value, ok := strings.CutPrefix(line, name+": ")
	if !ok {
		return "", fmt.Errorf("%w: no line %q where it belongs", ErrForm, name)
	}
	return value, nil
}

func (r *reader) leaf() (Leaf, error) {
	kind, err := r.value("leaf")
	if err != nil {
		return Leaf{}, err
	}
	form, known := forms[Kind(kind)]
	if !known {
		return Leaf{}, fmt.Errorf("%w: unknown kind of leaf", ErrForm)
	}
	leaf := Leaf{Kind: Kind(kind)}
	for _, line := range form {
		value, err := r.value(line.name)
		if err != nil {
			return Leaf{}, err
		}
		if err := line.read(&leaf, value); err != nil {
			return Leaf{}, fmt.Errorf("%w: %s: %w", ErrForm, line.name, err)
		}
	}
	return leaf, nil
}

func (r *reader) number(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%w: not a number", ErrForm)
	}
	return n, nil
}

func (r *reader) index() (int64, error) {
	value, err := r.value("index")
	if err != nil {
		return 0, err
	}
	return r.number(value)
}

// proof takes the `proof` lines up to the empty line.
func (r *reader) proof() ([]tlog.Hash, error) {
	var proof []tlog.Hash
	for !strings.HasPrefix(r.rest, "\n") {
		value, err := r.value("proof")
		if err != nil {
			return nil, err
		}
		hash, err := parseHash(value)
		if err != nil {
			return nil, err
		}
		proof = append(proof, hash)
	}
	_, err := r.line()
	return proof, err
}

func parseHash(s string) (hash tlog.Hash, err error) {
	b, err := decode(s)
	if err != nil || len(b) != tlog.HashSize {
		return hash, fmt.Errorf("%w: not a hash", ErrForm)
	}
	return tlog.Hash(b), nil
}

func (r *reader) checkpoint() (c Checkpoint, err error) {
	var lines [5]string // origin, size, root, an empty line, the signature
	for i := range lines {
		if lines[i], err = r.line(); err != nil {
			return c, err
		}
	}
	c.Origin = lines[0]
	if c.Size, err = r.number(lines[1]); err != nil {
		return c, err
	}
	if c.Root, err = parseHash(lines[2]); err != nil {
		return c, err
	}
	signature, marked := strings.CutPrefix(lines[4], "— ")
	signer, encoded, two := strings.Cut(signature, " ")
	if lines[3] != "" || !marked || !two {
		return c, fmt.Errorf("%w: no signature where it belongs", ErrForm)
	}
	c.Signer = signer
	if c.Signature, err = decode(encoded); err != nil {
		return c, fmt.Errorf("%w: signature: %w", ErrForm, err)
	}
	return c, nil
}
