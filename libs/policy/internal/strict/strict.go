// Package strict reads YAML into Go structs and refuses whatever it does not understand: an unknown key, a key said
// twice, a wrong kind of value, an alias, a second document. Every refusal names file, line and column.
//
// A struct's keys are its fields' `yaml` tags. A field of type Pos receives the place of the struct, for later complaints.
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

// Pos is a place in a file.
type Pos struct {
	File         string
	Line, Column int
}

func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Errorf is an error at this place.
func (p Pos) Errorf(format string, args ...any) error {
	return fmt.Errorf("%s: %w", p, fmt.Errorf(format, args...))
}

// Decode reads one YAML document into the struct that into points to, and says where each top-level key stands.
func Decode(file string, content []byte, into any) (map[string]Pos, error) {
	dec := yaml.NewDecoder(bytes.NewReader(content))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: a second document in one file", file)
	}
	r := reader{file: file}
	root := doc.Content[0]
	if err := r.value(root, reflect.ValueOf(into).Elem()); err != nil {
		return nil, err
	}
	keys := map[string]Pos{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		keys[root.Content[i].Value] = r.pos(root.Content[i])
	}
	return keys, nil
}

type reader struct{ file string }

func (r reader) pos(n *yaml.Node) Pos { return Pos{File: r.file, Line: n.Line, Column: n.Column} }

func (r reader) value(n *yaml.Node, v reflect.Value) error {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return r.pos(n).Errorf("aliases are not allowed")
	}
	if n.Tag == "!!null" {
		return nil // said, and said to be nothing: the lint decides whether that may be
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return r.text(n, u)
	}
	switch v.Kind() {
	case reflect.Struct:
		return r.structure(n, v)
	case reflect.Slice:
		return r.list(n, v)
	case reflect.String, reflect.Bool, reflect.Int:
		return r.scalar(n, v)
	default:
		panic(fmt.Sprintf("strict: no rule for %s", v.Type()))
	}
}

func (r reader) text(n *yaml.Node, u encoding.TextUnmarshaler) error {
	if n.Kind != yaml.ScalarNode {
		return r.pos(n).Errorf("want a single value")
	}
	if err := u.UnmarshalText([]byte(n.Value)); err != nil {
		return r.pos(n).Errorf("%w", err)
	}
	return nil
}

func (r reader) list(n *yaml.Node, v reflect.Value) error {
	if n.Kind != yaml.SequenceNode {
		return r.pos(n).Errorf("want a list")
	}
	items := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		if err := r.value(item, items.Index(i)); err != nil {
			return err
		}
	}
	v.Set(items)
	return nil
}

func (r reader) scalar(n *yaml.Node, v reflect.Value) error {
	if n.Kind != yaml.ScalarNode {
		return r.pos(n).Errorf("want a single value")
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
		return r.pos(n).Errorf("want a %s, not %q", v.Kind(), n.Value)
	}
	return nil
}
