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

// most is the greatest number that every program reads alike, 2⁵³−1.
const most = 1<<53 - 1

func (r *reader) number(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("%w: not a number", ErrForm)
	}
	return n, nil
}

func (r *reader) numberOf(name string) (int64, error) {
	value, err := r.value(name)
	if err != nil {
		return 0, err
	}
	return r.number(value)
}

// proof takes the `proof` lines and the empty line after them.
func (r *reader) proof() ([]tlog.Hash, error) {
	proof, err := r.hashes()
	if err != nil {
		return nil, err
	}
	if line, err := r.line(); err != nil || line != "" {
		return nil, fmt.Errorf("%w: no empty line after the proof", ErrForm)
	}
	return proof, nil
}

// hashes takes all `proof` lines that follow.
func (r *reader) hashes() ([]tlog.Hash, error) {
	var proof []tlog.Hash
	for strings.HasPrefix(r.rest, "proof: ") {
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
	return proof, nil
}

func parseHash(s string) (hash tlog.Hash, err error) {
	b, err := decode(s)
	if err != nil || len(b) != tlog.HashSize {
		return hash, fmt.Errorf("%w: not a hash", ErrForm)
	}
	return tlog.Hash(b), nil
}

// checkpoint takes a signed note: origin, size, root, an empty line, and one
// signature or two.
func (r *reader) checkpoint() (c Checkpoint, err error) {
	var lines [4]string
	for i := range lines {
		if lines[i], err = r.line(); err != nil {
			return c, err
		}
	}
	if c.Origin = lines[0]; !nameForm.MatchString(c.Origin) {
		return c, fmt.Errorf("%w: not the name of a log", ErrForm)
	}
	if c.Size, err = r.number(lines[1]); err != nil {
		return c, err
	}
	if c.Root, err = parseHash(lines[2]); err != nil {
		return c, err
	}
	if lines[3] != "" {
		return c, fmt.Errorf("%w: no empty line before the signature", ErrForm)
	}
	if c.Signature, err = r.signature(); err != nil || r.rest == "" {
		return c, err
	}
	c.Witness, err = r.signature()
	if err == nil && c.Witness.sameKey(c.Signature) {
		return c, fmt.Errorf("%w: two signatures of one key", ErrForm)
	}
	return c, err
}

func (r *reader) signature() (s Signature, err error) {
	line, err := r.line()
	if err != nil {
		return s, err
	}
	rest, marked := strings.CutPrefix(line, mark)
	name, encoded, two := strings.Cut(rest, " ")
	if !marked || !two || !nameForm.MatchString(name) {
		return s, fmt.Errorf("%w: no signature where it belongs", ErrForm)
	}
	s.Signer = name
	if s.Bytes, err = decode(encoded); err != nil || len(s.Bytes) != signatureSize {
		return s, fmt.Errorf("%w: not an Ed25519 signature with the hash of its key", ErrForm)
	}
	return s, nil
}
