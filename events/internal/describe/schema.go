// Package describe writes what the catalogue says in the forms that others read: JSON Schema, samples, README table
// and AsyncAPI. Only the tests of package events call it (`go generate` runs them with -update).
package describe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
)

var (
	uuidType  = reflect.TypeFor[uuid.UUID]()
	timeType  = reflect.TypeFor[time.Time]()
	bytesType = reflect.TypeFor[[]byte]()
)

// Schema is the JSON Schema 2020-12 of an entry's data. Nothing that is not in the struct may be in the data.
func Schema(e events.Entry) ([]byte, error) {
	node := object(reflect.TypeOf(e.Payload))
	node["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	node["$id"] = events.SchemaID(e.Type)
	node["title"] = e.Name()
	node["description"] = e.Meaning
	return indent(node)
}

func object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	collect(t, properties, &required)
	return map[string]any{
		"type": "object", "additionalProperties": false, "properties": properties, "required": required,
	}
}

func collect(t reflect.Type, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			collect(f.Type, properties, required)
			continue
		}
		name := events.JSONName(f)
		properties[name] = property(f)
		if !strings.Contains(f.Tag.Get("json"), ",omitempty") {
			*required = append(*required, name)
		}
	}
}

func property(f reflect.StructField) map[string]any {
	node := value(f.Type)
	if format := f.Tag.Get("format"); format != "" {
		node["format"] = format
	}
	if pattern := f.Tag.Get("pattern"); pattern != "" {
		node["pattern"] = pattern
	}
	if enum := f.Tag.Get("enum"); enum != "" {
		node["enum"] = strings.Split(enum, "|")
	}
	if items, _ := node["items"].(map[string]any); items["properties"] == nil {
		node["x-sensitivity"] = f.Tag.Get("data")
	}
	return node
}

func value(t reflect.Type) map[string]any {
	switch {
	case t.Kind() == reflect.Pointer:
		return value(t.Elem())
	case t == uuidType:
		return map[string]any{"type": "string", "format": "uuid"}
	case t == timeType:
		return map[string]any{"type": "string", "format": "date-time", "pattern": "Z$"}
	case t == bytesType:
		return map[string]any{"type": "string", "contentEncoding": "base64"}
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return map[string]any{"type": "array", "minItems": 1, "maxItems": events.MaxUnits, "items": object(t.Elem())}
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": value(t.Elem())}
	case t.Kind() == reflect.String:
		return map[string]any{"type": "string"}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		return map[string]any{"type": "integer", "minimum": 0}
	}
	panic(fmt.Sprintf("no schema is defined for Go type %s", t))
}

func indent(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}
