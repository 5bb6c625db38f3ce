package recording

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"gallra.se/events"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

// Bounds of audio: of a chunk and of a whole recording, in bytes.
const (
	MaxChunk = 1 << 20
	MaxAudio = 1 << 30
)

// Headers of a chunk: its hash (hex of SHA-256), and what part of the call it is, in ms from the start; and of the answer:
// the byte that the next chunk begins at.
const (
	SumHeader    = "Gallra-Sha256"
	FromHeader   = "Gallra-From"
	UntilHeader  = "Gallra-Until"
	OffsetHeader = "Gallra-Offset"
)

// Chunk is a piece of audio as its sender describes it.
type Chunk struct {
	At          int64 // byte of the whole audio
	From, Until time.Duration
	Sum         [sha256.Size]byte
}

// ParseChunk reads what the query and the headers of an upload say.
func ParseChunk(offset, from, until, sum string) (c Chunk, err error) {
	var ms [2]int64
	for _, n := range []struct {
		name, text string
		most       int64
		into       *int64
	}{
		{"offset", offset, MaxAudio, &c.At},
		{FromHeader, from, Longest.Milliseconds(), &ms[0]},
		{UntilHeader, until, Longest.Milliseconds(), &ms[1]},
	} {
		if *n.into, err = number(n.name, n.text, n.most); err != nil {
			return Chunk{}, err
		}
	}
	if ms[1] <= ms[0] {
		return Chunk{}, problem.OnField("invalid-field", UntilHeader)
	}
	c.From, c.Until = time.Duration(ms[0])*time.Millisecond, time.Duration(ms[1])*time.Millisecond
	if sum == "" {
		return Chunk{}, problem.OnField("missing-field", SumHeader)
	}
	raw, err := hex.DecodeString(sum)
	if err != nil || len(raw) != sha256.Size {
		return Chunk{}, problem.OnField("invalid-field", SumHeader)
	}
	c.Sum = [sha256.Size]byte(raw)
	return c, nil
}

// number reads plain digits.
func number(name, text string, most int64) (int64, error) {
	if text == "" {
		return 0, problem.OnField("missing-field", name)
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || text[0] == '+' || int64(n) > most {
		return 0, problem.OnField("invalid-field", name)
	}
	return int64(n), nil
}

// Verify refuses a body that is not the one described.
func (c Chunk) Verify(body []byte) error {
	switch {
	case len(body) == 0:
		return problem.OnField("missing-field", "body")
	case len(body) > MaxChunk || c.At+int64(len(body)) > MaxAudio:
		return problem.New("too-large")
	case sha256.Sum256(body) != c.Sum:
		return problem.OnField("invalid-field", SumHeader)
	}
	return nil
}

// Heard is the end of the audio that is stored: in bytes, and in the call.
type Heard struct {
	Bytes int64
	Until time.Duration
}

// slack is how far audio may go on beyond the end that the telephony system told, which counts in other seconds.
const slack = time.Minute

// Accept refuses audio from after a cut (KSC-16, KSC-09), a chunk that does not begin where the audio ends, and one that
// goes back in the call or beyond its end.
func Accept(rules policy.Recording, s State, heard Heard, c Chunk) error {
	switch {
	case s.Cut != nil && c.Until > s.Cut.At:
		return problem.ByRule("denied", s.Cut.requirement(rules))
	case c.At != heard.Bytes:
		return problem.OnField("conflict", "offset")
	case c.From < heard.Until:
		return problem.OnField("invalid-field", FromHeader)
	case !s.EndedAt.IsZero() && c.Until > s.EndedAt.Sub(s.StartedAt)+slack:
		return problem.OnField("invalid-field", UntilHeader)
	}
	return nil
}

func (c Cut) requirement(rules policy.Recording) string {
	if c.Because == events.StoppedByCustomer {
		return rules.StopRequirement
	}
	return rules.LineRequirement
}

// media types of audio that are taken.
var media = []string{"audio/wav", "audio/ogg", "audio/opus", "audio/mpeg", "audio/basic"}

// KnownMedia says whether audio of that type is taken, as the Content-Type names it.
func KnownMedia(contentType string) bool { return slices.Contains(media, contentType) }
