package events

import (
	"reflect"
	"strings"
)

// Sensitivity of a field's content.
type Sensitivity string

const (
	None         Sensitivity = "none"
	Pseudonymous Sensitivity = "pseudonymous"
	Personal     Sensitivity = "personal" // only in a sealed box
)

// Field is one field of a payload. Path is dotted, with [] for the elements of a list: units[].dueOn.
type Field struct {
	Path        string
	Sensitivity Sensitivity
}

// Fields lists every leaf of the payload, read from the struct's `data` tags.
func (e Entry) Fields() []Field { return leaves(reflect.TypeOf(e.Payload), "") }

func leaves(t reflect.Type, prefix string) []Field {
	var out []Field
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			out = append(out, leaves(f.Type, prefix)...)
			continue
		}
		path := prefix + JSONName(f)
		if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
			out = append(out, leaves(f.Type.Elem(), path+"[].")...)
			continue
		}
		out = append(out, Field{path, Sensitivity(f.Tag.Get("data"))})
	}
	return out
}

// JSONName is the field's name on the wire.
func JSONName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
