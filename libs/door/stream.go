package door

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"gallra.se/libs/problem"
)

// atOnce is how many lines are carried out together at most. They all lie in the reader's buffer but the first.
const (
	atOnce = 100
	buffer = 64 << 10
)

// stream answers each line of an NDJSON body with a line, in order, while the body still arrives: the answer's members
// and "status", or the problem document. A refused line changes nothing and the stream goes on; an empty one gets no
// answer.
func (d *Door) stream(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.EnableFullDuplex() // answers go out while lines come in
	w.Header().Set("Content-Type", streamType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	in := bufio.NewReaderSize(r.Body, buffer)
	for {
		lines, end := nextLines(in)
		for _, o := range d.carryAll(r.Context(), lines) {
			if _, err := w.Write(answerLine(o)); err != nil {
				return // nobody listens any more
			}
		}
		if end != nil {
			return
		}
		if !hasLine(in) {
			_ = control.Flush()
		}
	}
}

// answerLine is one line of the answer.
func answerLine(o Outcome) []byte {
	if o.Err != nil {
		return append(problem.From(o.Err).JSON(), '\n')
	}
	answer, err := json.Marshal(o.Answer)
	if err != nil || !bytes.HasPrefix(answer, []byte{'{'}) {
		panic("a door's answers are JSON objects")
	}
	said := []byte(`{"status":201`)
	if o.Duplicate {
		said = append(said, `,"duplicate":true`...)
	}
	if len(answer) > len("{}") {
		said = append(said, ',')
	}
	return append(append(said, answer[1:]...), '\n')
}

// nextLines waits for one line and takes those that are there with it. An error is the end of the stream; lines that
// came before it count.
func nextLines(in *bufio.Reader) (lines [][]byte, end error) {
	for len(lines) < atOnce {
		raw, end := nextLine(in)
		if len(bytes.TrimSpace(raw)) > 0 {
			lines = append(lines, raw)
		}
		if end != nil {
			return lines, end
		}
		if len(lines) > 0 && !hasLine(in) {
			break
		}
	}
	return lines, nil
}

// nextLine reads a line, without its end; the last needs none. Of one that is too long, one byte more than may be is
// kept, so that it is refused as that. When the sender breaks off, half a line is none.
func nextLine(in *bufio.Reader) (raw []byte, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if room := MaxLine + 1 - len(raw); room > 0 {
			raw = append(raw, part[:min(len(part), room)]...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		return bytes.TrimRight(raw, "\r\n"), err
	}
}

// hasLine says whether a whole line lies in the buffer already.
func hasLine(in *bufio.Reader) bool {
	there, _ := in.Peek(in.Buffered())
	return bytes.IndexByte(there, '\n') >= 0
}
