package door

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"gallra.se/libs/problem"
)

// stream answers each line of an NDJSON body with a line, in order, while the body still arrives: the answer's members
// and "status", or the problem document. A refused line changes nothing and the stream goes on.
func (d *Door) stream(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.EnableFullDuplex()
	w.Header().Set("Content-Type", streamType)
	w.WriteHeader(http.StatusOK)
	answers := make(chan chan []byte, max(1, d.Parallel))
	go d.readLines(r.Context(), r.Body, answers)
	broken := false
	for pending := range answers {
		said := <-pending
		if broken {
			continue // keep receiving, so that the reader ends
		}
		if _, err := w.Write(append(said, '\n')); err != nil {
			broken = true
		}
		if len(answers) == 0 {
			_ = control.Flush()
		}
	}
}

// readLines starts the work on each line; the channel's capacity is how many are worked on at a time.
func (d *Door) readLines(ctx context.Context, body io.Reader, answers chan<- chan []byte) {
	defer close(answers)
	lines := bufio.NewReaderSize(body, 64<<10)
	for {
		raw, err := nextLine(lines)
		if errors.Is(err, io.EOF) || ctx.Err() != nil {
			return
		}
		said := make(chan []byte, 1)
		if err != nil {
			said <- d.encode(ctx, nil, false, err)
			answers <- said
			if !problem.Refused(err) {
				return
			}
			continue
		}
		if d.Parallel <= 1 {
			said <- d.carryLine(ctx, raw)
			answers <- said
			continue
		}
		answers <- said
		go func() { said <- d.carryLine(ctx, raw) }()
	}
}

func (d *Door) carryLine(ctx context.Context, raw []byte) []byte {
	answer, duplicate, err := d.Carry(ctx, raw)
	return d.encode(ctx, answer, duplicate, err)
}

// nextLine reads a line, without its end; empty lines are passed over. One that is too large is read to its end and
// refused.
func nextLine(r *bufio.Reader) ([]byte, error) {
	for {
		var raw []byte
		tooLarge := false
		for {
			part, err := r.ReadSlice('\n')
			if len(raw)+len(part) > MaxLine+1 {
				tooLarge, raw = true, nil
			}
			if !tooLarge {
				raw = append(raw, part...)
			}
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			if err != nil && (!errors.Is(err, io.EOF) || len(raw) == 0 && !tooLarge) {
				return nil, err
			}
			break
		}
		if tooLarge {
			return nil, problem.New("too-large")
		}
		if trimmed := trimEnd(raw); len(trimmed) > 0 {
			return trimmed, nil
		}
	}
}

func trimEnd(raw []byte) []byte {
	for len(raw) > 0 && (raw[len(raw)-1] == '\n' || raw[len(raw)-1] == '\r') {
		raw = raw[:len(raw)-1]
	}
	return raw
}

// encode makes one line of the answer.
func (d *Door) encode(ctx context.Context, answer any, duplicate bool, err error) []byte {
	if err != nil {
		d.fault(ctx, err)
		return problem.From(err).JSON()
	}
	members := map[string]any{}
	if data, err := json.Marshal(answer); err == nil {
		_ = json.Unmarshal(data, &members)
	}
	members["status"] = http.StatusCreated
	if duplicate {
		members["duplicate"] = true
	}
	data, err := json.Marshal(members)
	if err != nil {
		return problem.From(err).JSON()
	}
	return data
}
