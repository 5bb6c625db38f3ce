// Package contract checks data against the schema of its event type: producers' tests call it with what they send,
// and the statistics service with every row before it leaves. It does not check the CloudEvents envelope.
package contract

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gallra.se/events"
)

var compiled sync.Map // event type → *jsonschema.Schema

// Validate says what of data breaks the promise of eventType. Its error names places in the data: keep it out of logs.
func Validate(eventType string, data []byte) error {
	schema, err := schemaOf(eventType)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("decode data of %s: %w", eventType, err)
	}
	return schema.Validate(value)
}

func schemaOf(eventType string) (*jsonschema.Schema, error) {
	if s, ok := compiled.Load(eventType); ok {
		return s.(*jsonschema.Schema), nil
	}
	s, err := compile(eventType)
	if err != nil {
		return nil, fmt.Errorf("compile schema of %s: %w", eventType, err)
	}
	compiled.Store(eventType, s)
	return s, nil
}

func compile(eventType string) (*jsonschema.Schema, error) {
	raw, err := events.Schema(eventType)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(events.SchemaID(eventType), doc); err != nil {
		return nil, err
	}
	return c.Compile(events.SchemaID(eventType))
}
