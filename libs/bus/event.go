package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"gallra.se/libs/trace"
)

// Partitions is how many partitions a stream's subjects are spread over.
const Partitions = 16

// Partition is FNV-1a 32 of the key, modulo Partitions.
func Partition(key string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	return int(h.Sum32() % Partitions)
}

// partitionIn reads the partition in ev.<authority>.<context>.<p>.<rest>; a subject that
// names none has that of its hash, so that no two instances take it for theirs.
func partitionIn(subject string) int {
	if parts := strings.SplitN(subject, ".", 5); len(parts) == 5 {
		if p, err := strconv.Atoi(parts[3]); err == nil && p >= 0 && p < Partitions {
			return p
		}
	}
	return Partition(subject)
}

// Event is one CloudEvent with its place in a stream.
type Event struct {
	CE        cloudevents.Event
	ID        uuid.UUID
	Type      string
	Authority string
	Key       string // partition key, the ordering key
	Stream    string
	Sequence  uint64
	Partition int
	Prepared  any    // what ConsumerConfig.Prepare made of it
	version   *int64 // of its key at the producer; nil where none is counted: a row of statistics has no past
	payload   []byte
	trace     string // traceparent of its producer, or none
}

func versionOf(extensions map[string]any) *int64 {
	text, _ := extensions["sequence"].(string)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n == 0 {
		return nil
	}
	return &n
}

// Into decodes the payload. An unknown member is no fault: the producer may be
// newer.
func (e Event) Into(v any) error {
	if err := json.Unmarshal(e.CE.Data(), v); err != nil {
		return Refuse(fmt.Errorf("decode %s: %w", e.Type, err))
	}
	return nil
}

// Traceparent is the trace that the event is part of, for who applies several at once; empty where it has none.
func (e Event) Traceparent() string { return e.trace }

// Time is the business time at which the producer wrote the event, UTC.
func (e Event) Time() time.Time { return e.CE.Time().UTC() }

// Handler applies one event inside the consumer's transaction. No network. It
// may be called again for the same event after a rollback, never after a
// commit. It returns Refuse(err) for what no retry will mend.
type Handler func(ctx context.Context, tx pgx.Tx, ev Event) error

type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

// Refuse marks err as permanent: the event is parked with its key.
func Refuse(err error) error { return refusal{err} }

// Refused says that err is permanent.
func Refused(err error) bool {
	var r refusal
	return errors.As(err, &r)
}

// decode reads a message of the stream; what is no CloudEvent of ours gets an
// Event with an error, so that it can be parked. The subject says the partition: it is
// what instances pass over by.
func decode(stream, subject string, seq uint64, data []byte) (Event, error) {
	ev := Event{Stream: stream, Sequence: seq, payload: data, Key: subject, Partition: partitionIn(subject)}
	if !json.Valid(data) || ev.CE.UnmarshalJSON(data) != nil {
		ev.ID = uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s/%d", stream, seq))
		return ev, Refuse(errors.New("not a structured CloudEvent"))
	}
	id, err := uuid.Parse(ev.CE.ID())
	if err != nil {
		id = uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s/%d", stream, seq))
	}
	ev.ID, ev.Type = id, ev.CE.Type()
	extensions := ev.CE.Extensions()
	if key, ok := extensions["partitionkey"].(string); ok && key != "" {
		ev.Key = key
	}
	ev.trace, _ = extensions[trace.Header].(string)
	ev.version = versionOf(extensions)
	if parts := strings.Split(ev.CE.Source(), "/"); len(parts) == 4 {
		ev.Authority = parts[2]
	}
	return ev, nil
}
