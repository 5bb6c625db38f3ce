package outbox

import (
	"fmt"
	"strings"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"gallra.se/libs/bus"
	"gallra.se/libs/trace"
)

// Draft is an event before it has an id, a time and a version.
type Draft struct {
	Authority     string // whose world it belongs to
	Type          string // se.gallra.<entity>.<event>.v<N>
	Subject       string // opaque record id
	Key           string // partition key: opaque person id, else record id
	Data          any    // payload, encoded as JSON
	KeyID         string // transport key of a sealed payload
	PolicyVersion string
	// Trace is the traceparent of the request that the event tells of, where
	// one Append tells of several; empty: that of Append's context.
	Trace string
	// Unlinkable events (the statistics side) bear fresh UUIDv4 as id, subject
	// and key, no trace and no aggregate version: nothing to join them by.
	Unlinkable bool
}

// TypePrefix begins every event type.
const TypePrefix = "se.gallra."

// subjectOf is ev.<authority>.<context>.<p>.<entity>.<event>.v<N>.
func subjectOf(context string, d Draft) string {
	return fmt.Sprintf("ev.%s.%s.%d.%s", d.Authority, context, bus.Partition(d.Key), strings.TrimPrefix(d.Type, TypePrefix))
}

// unlink replaces or drops whatever could join the event with another.
func (d Draft) unlink() Draft {
	if d.Unlinkable {
		d.Subject, d.Key, d.Trace = uuid.NewString(), uuid.NewString(), ""
	}
	return d
}

func (d Draft) id() (uuid.UUID, error) {
	if d.Unlinkable {
		return uuid.NewRandom()
	}
	return uuid.NewV7()
}

// encode makes the structured CloudEvent that is stored and relayed byte for
// byte.
func (d Draft) encode(service string, id uuid.UUID, version int64, at time.Time) ([]byte, error) {
	e := cloudevents.New()
	e.SetID(id.String())
	e.SetSource("/gallra/" + d.Authority + "/" + service)
	e.SetType(d.Type)
	e.SetSubject(d.Subject)
	e.SetDataSchema("urn:gallra:schema:" + strings.TrimPrefix(d.Type, TypePrefix))
	e.SetExtension("partitionkey", d.Key)
	if d.Unlinkable {
		at = at.Truncate(24 * time.Hour)
	} else {
		e.SetExtension("sequence", fmt.Sprintf("%020d", version))
	}
	e.SetTime(at)
	if d.PolicyVersion != "" {
		e.SetExtension("policyversion", d.PolicyVersion)
	}
	if d.KeyID != "" {
		e.SetExtension("keyid", d.KeyID)
	}
	if d.Trace != "" {
		e.SetExtension(trace.Header, d.Trace)
	}
	if err := e.SetData(cloudevents.ApplicationJSON, d.Data); err != nil {
		return nil, err
	}
	return e.MarshalJSON()
}
