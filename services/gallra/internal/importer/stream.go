package importer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"gallra.se/services/gallra/internal/client"
)

// Stream is an import on real time: runs of lines for the same resource and authority go
// as one NDJSON request each, in order.
type Stream struct {
	Client   *client.Client // not a patient one: Patience knows more than it of a run that failed midway
	Patience *client.Patience
	Refused  io.Writer
	Progress Progress

	tally *Tally
	run   []Line
	bytes int
}

const (
	longestRun   = 200
	largestRun   = 4 << 20
	streamAnswer = 1 << 20 // bytes of one answer line
)

// Run imports the lines of r and returns what it saw.
func (s *Stream) Run(ctx context.Context, r io.Reader) (*Tally, error) {
	s.tally = NewTally()
	err := Lines(r, func(line Line) error {
		if len(s.run) > 0 && !s.joins(line) {
			if err := s.flush(ctx); err != nil {
				return err
			}
		}
		s.run, s.bytes = append(s.run, line), s.bytes+len(line.Raw)
		return nil
	})
	if err != nil {
		return s.tally, err
	}
	return s.tally, s.flush(ctx)
}

// joins says that a line may go in the same request as the run before it. A line that
// spans what NDJSON calls a line, or is no JSON, is still a line of its own.
func (s *Stream) joins(line Line) bool {
	first := s.run[0]
	return line.Route() == first.Route() && line.Authority == first.Authority && len(s.run) < longestRun && s.bytes+len(line.Raw) < largestRun
}

// flush hands the run in until each of its lines has a verdict: a line whose carrying out
// failed goes again, with those behind it.
func (s *Stream) flush(ctx context.Context) error {
	for len(s.run) > 0 {
		answer, err := s.Patience.Insist(ctx, func() (client.Answer, error) { return s.hand(ctx) })
		if err == nil && !answer.OK() {
			err = answer.Refusal()
		}
		if err != nil {
			return fmt.Errorf("lines %d to %d: %w", s.run[0].Number, s.run[len(s.run)-1].Number, err)
		}
	}
	s.bytes = 0
	return nil
}

// hand sends the run and takes what was answered off it. It returns the answer to the
// request, or to its first line that has no verdict yet.
func (s *Stream) hand(ctx context.Context) (client.Answer, error) {
	var body bytes.Buffer
	for _, line := range s.run {
		body.Write(line.Raw)
		body.WriteByte('\n')
	}
	answer, err := s.Client.Do(ctx, client.Call{
		Authority: s.run[0].Authority, Method: http.MethodPost, Path: string(s.run[0].Route()),
		Header: http.Header{"Content-Type": {"application/x-ndjson"}}, Body: body.Bytes(),
	})
	if err != nil || !answer.OK() {
		return answer, err
	}
	return s.count(answer)
}

// count reads one answer per line, in the order of the lines.
func (s *Stream) count(answer client.Answer) (client.Answer, error) {
	in := bufio.NewScanner(bytes.NewReader(answer.Body))
	in.Buffer(nil, streamAnswer)
	for len(s.run) > 0 {
		line := s.run[0]
		if !in.Scan() {
			return answer, fmt.Errorf("line %d: the system ended its answers early", line.Number)
		}
		verdict, err := streamed(in.Bytes())
		if err != nil {
			return answer, fmt.Errorf("line %d: %w", line.Number, err)
		}
		if verdict.Status >= http.StatusInternalServerError {
			return client.Answer{Status: verdict.Status, Header: http.Header{}, Body: bytes.Clone(in.Bytes())}, nil
		}
		s.tally.Count(verdict)
		s.Progress.Line(line.Number)
		if verdict.Reason != "" {
			if err := writeRefused(s.Refused, line, verdict); err != nil {
				return answer, err
			}
		}
		s.run = s.run[1:]
	}
	return answer, nil
}

func streamed(answer []byte) (Verdict, error) {
	var said struct {
		Status    int    `json:"status"`
		Reason    string `json:"reason"`
		Duplicate bool   `json:"duplicate"`
	}
	if err := json.Unmarshal(answer, &said); err != nil {
		return Verdict{}, fmt.Errorf("decode answer: %w", err)
	}
	return Verdict{Reason: said.Reason, Status: said.Status, Duplicate: said.Duplicate}, nil
}
