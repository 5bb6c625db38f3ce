// Package strict reads YAML into Go structs and refuses whatever it does not understand: an unknown key, a key said
// twice, a wrong kind of value, an alias, a second document. Every refusal names file, line and column, and all refusals
// of a file are told at once.
//
// A struct's keys are its fields' `yaml` tags. A field of type Place receives where the struct and its keys stand, for
// later complaints.
package strict

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Decode reads one YAML document into the struct that into points to, says where each top-level key stands, and tells
// every fault; what is sound is read in spite of them. The keys are nil where nothing could be read at all. A Place at the
// top keeps what earlier files said.
func Decode(file string, content []byte, into any) (map[string]Pos, []error) {
	dec := yaml.NewDecoder(bytes.NewReader(content))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return map[string]Pos{}, nil // nothing but comments
	} else if err != nil {
		return nil, []error{fmt.Errorf("%s: %w", file, err)}
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, []error{fmt.Errorf("%s: a second document in one file", file)}
	}
	r := &reader{file: file}
	root := doc.Content[0]
	r.value(root, reflect.ValueOf(into).Elem())
	if root.Kind != yaml.MappingNode {
		return nil, r.faults
	}
	keys := map[string]Pos{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		keys[root.Content[i].Value] = r.pos(root.Content[i])
	}
	return keys, r.faults
}

type reader struct {
	file   string
	faults []error
}

func (r *reader) pos(n *yaml.Node) Pos { return Pos{File: r.file, Line: n.Line, Column: n.Column} }

func (r *reader) say(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, r.pos(n).Errorf(format, args...))
}

// value reads a node and says whether all of it was understood.
func (r *reader) value(n *yaml.Node, v reflect.Value) bool {
	before := len(r.faults)
	r.read(n, v)
	return len(r.faults) == before
}

func (r *reader) read(n *yaml.Node, v reflect.Value) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		r.say(n, "aliases are not allowed")
		r.lost(n, v)
		return
	}
	if n.Tag == "!!null" { // said, and said to be nothing: the lint decides whether that may be
		if v.Kind() == reflect.Struct {
			r.fieldsOf(n, v)
		}
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok && (v.Kind() != reflect.Struct || n.Kind == yaml.ScalarNode || !hasKeys(v)) {
		r.text(n, u)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		r.structure(n, v)
	case reflect.Slice:
		r.list(n, v)
	case reflect.String, reflect.Bool, reflect.Int:
		r.scalar(n, v)
	default:
		panic(fmt.Sprintf("strict: no rule for %s", v.Type()))
	}
}

func (r *reader) text(n *yaml.Node, u encoding.TextUnmarshaler) {
	if n.Kind != yaml.ScalarNode {
		r.say(n, "want a single value")
	} else if err := u.UnmarshalText([]byte(n.Value)); err != nil {
		r.say(n, "%w", err)
	}
}

func (r *reader) list(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		r.say(n, "want a list")
		return
	}
	items := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		r.value(item, items.Index(i))
	}
	v.Set(items)
}

func (r *reader) scalar(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		r.say(n, "want a single value")
		return
	}
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Value)
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(n.Value)
		v.SetBool(b)
	case reflect.Int:
		var i int
		i, err = strconv.Atoi(n.Value)
		v.SetInt(int64(i))
	}
	if err != nil {
		r.say(n, "want a %s, not %q", v.Kind(), n.Value)
	}
}
