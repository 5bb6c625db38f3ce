package keyring

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// rowReader reads PostgreSQL's binary COPY format.
type rowReader struct {
	from   *bufio.Reader
	fields int
	begun  bool
}

const copySignature = "PGCOPY\n\xff\r\n\x00"

// fieldMost bounds a field: the largest is a shelf of page keys.
const fieldMost = 1 << 20

func newRowReader(from io.Reader, fields int) *rowReader {
	return &rowReader{from: bufio.NewReaderSize(from, 1<<16), fields: fields}
}

// next is the fields of the next row, nil for a null one; io.EOF after the last, and
// ErrCopy for anything else.
func (r *rowReader) next() ([][]byte, error) {
	if !r.begun {
		if err := r.header(); err != nil {
			return nil, err
		}
		r.begun = true
	}
	n, err := r.number(2)
	if err != nil {
		return nil, err
	}
	if int16(n) == -1 {
		if _, err := r.from.ReadByte(); err != io.EOF {
			return nil, fmt.Errorf("%w: there is more after its end", ErrCopy)
		}
		return nil, io.EOF
	}
	if int(n) != r.fields {
		return nil, fmt.Errorf("%w: a row of %d fields, not %d", ErrCopy, n, r.fields)
	}
	row := make([][]byte, r.fields)
	for i := range row {
		if row[i], err = r.field(); err != nil {
			return nil, err
		}
	}
	return row, nil
}

func (r *rowReader) header() error {
	head := make([]byte, len(copySignature)+8)
	if _, err := io.ReadFull(r.from, head); err != nil || string(head[:len(copySignature)]) != copySignature {
		return fmt.Errorf("%w: it is no copy of a table", ErrCopy)
	}
	if binary.BigEndian.Uint64(head[len(copySignature):]) != 0 { // flags, and the size of an extension
		return fmt.Errorf("%w: its header is unknown", ErrCopy)
	}
	return nil
}

func (r *rowReader) field() ([]byte, error) {
	n, err := r.number(4)
	if err != nil {
		return nil, err
	}
	if int32(n) == -1 {
		return nil, nil
	}
	if n > fieldMost {
		return nil, fmt.Errorf("%w: a field of %d bytes", ErrCopy, n)
	}
	field := make([]byte, n)
	if _, err := io.ReadFull(r.from, field); err != nil {
		return nil, fmt.Errorf("%w: it is cut short", ErrCopy)
	}
	return field, nil
}

func (r *rowReader) number(bytes int) (n uint32, err error) {
	var raw [4]byte
	if _, err := io.ReadFull(r.from, raw[4-bytes:]); err != nil {
		return 0, fmt.Errorf("%w: it is cut short", ErrCopy)
	}
	return binary.BigEndian.Uint32(raw[:]), nil
}
