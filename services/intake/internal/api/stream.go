package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/line"
)

// streamed is the answer to one line of a stream.
type streamed struct {
	Status int `json:"status"`
	admission.Answer
	Duplicate bool `json:"duplicate,omitempty"`
}

const streamBatch = 100

// stream takes lines as they come and answers each in its order, in one line.
// Lines that have arrived together are taken in together. An empty line gets no
// answer.
func (a *API) stream(w http.ResponseWriter, r *http.Request, sender string) {
	control := http.NewResponseController(w)
	_ = control.EnableFullDuplex() // answers go out while lines come in
	w.Header().Set("Content-Type", typeNDJSON)
	w.WriteHeader(http.StatusOK)
	in, out := bufio.NewReaderSize(r.Body, 64<<10), json.NewEncoder(w)
	for {
		lines, err := nextLines(in)
		for _, result := range a.takeAll(r.Context(), lines, sender) {
			if out.Encode(a.inLine(r.Context(), result)) != nil {
				return
			}
		}
		_ = control.Flush()
		if err != nil {
			return
		}
	}
}

func (a *API) inLine(ctx context.Context, result admission.Result) any {
	if result.Err == nil {
		return streamed{Status: http.StatusCreated, Answer: result.Answer, Duplicate: result.Duplicate}
	}
	if !problem.Refused(result.Err) {
		a.Log.ErrorContext(ctx, "line failed", "error", result.Err.Error())
	}
	return problem.From(result.Err)
}

// takeAll judges lines and takes in what may come in, in one go.
func (a *API) takeAll(ctx context.Context, lines [][]byte, sender string) []admission.Result {
	results := make([]admission.Result, len(lines))
	var accepted []contact.Contact
	var of []int
	for i, raw := range lines {
		c, err := a.judge(raw, sender)
		if err != nil {
			results[i].Err = err
			continue
		}
		accepted, of = append(accepted, c), append(of, i)
	}
	for n, result := range a.Desk.Admit(ctx, accepted) {
		results[of[n]] = result
	}
	for _, result := range results {
		a.counted(result)
	}
	return results
}

// nextLines waits for one line and takes those that are there with it.
func nextLines(in *bufio.Reader) (lines [][]byte, err error) {
	for len(lines) < streamBatch {
		raw, err := nextLine(in)
		if len(bytes.TrimSpace(raw)) > 0 {
			lines = append(lines, raw)
		}
		if err != nil {
			return lines, err
		}
		if len(lines) > 0 && !hasLine(in) {
			return lines, nil
		}
	}
	return lines, nil
}

// nextLine reads up to a newline. Of a line that is too long, one byte more than
// may be is kept, so that it is refused as that.
func nextLine(in *bufio.Reader) (raw []byte, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if room := line.MaxSize + 1 - len(raw); room > 0 {
			raw = append(raw, part[:min(len(part), room)]...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err // the sender broke off: half a line is none
		}
		return bytes.TrimRight(raw, "\r\n"), err
	}
}

// hasLine says whether a whole line lies in the buffer already.
func hasLine(in *bufio.Reader) bool {
	there, _ := in.Peek(in.Buffered())
	return bytes.IndexByte(there, '\n') >= 0
}
