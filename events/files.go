package events

import (
	"embed"
	"fmt"
)

const (
	typePrefix = "se.gallra."
	schemaBase = "urn:gallra:schema:"
)

// Files holds schemas/*.json (JSON Schema 2020-12 of the data) and samples/*.json (whole CloudEvents).
//
//go:embed schemas samples
var Files embed.FS

// SchemaID is the `dataschema` of an event type.
func SchemaID(eventType string) string {
	return schemaBase + Entry{Type: eventType}.Name()
}

// Schema returns the JSON Schema of an event type's data.
func Schema(eventType string) ([]byte, error) {
	return read(eventType, Entry.SchemaFile)
}

// Sample returns the golden CloudEvent of an event type: what every consumer must be able to eat.
func Sample(eventType string) ([]byte, error) {
	return read(eventType, Entry.SampleFile)
}

func read(eventType string, file func(Entry) string) ([]byte, error) {
	e, ok := Lookup(eventType)
	if !ok {
		return nil, fmt.Errorf("find event type %s in the catalogue: not listed", eventType)
	}
	return Files.ReadFile(file(e))
}
