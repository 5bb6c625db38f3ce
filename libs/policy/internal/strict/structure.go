package strict

import (
	"reflect"

	"go.yaml.in/yaml/v3"
)

func (r reader) structure(n *yaml.Node, v reflect.Value) error {
	if n.Kind != yaml.MappingNode {
		return r.pos(n).Errorf("want keys and values")
	}
	fields := r.fieldsOf(n, v)
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		field, known := fields[key.Value]
		switch {
		case !known:
			return r.pos(key).Errorf("unknown key %q", key.Value)
		case seen[key.Value]:
			return r.pos(key).Errorf("key %q is said twice", key.Value)
		}
		seen[key.Value] = true
		if err := r.value(val, field); err != nil {
			return err
		}
	}
	return nil
}

// fieldsOf maps a struct's keys to its fields, and sets its Pos fields on the way.
func (r reader) fieldsOf(n *yaml.Node, v reflect.Value) map[string]reflect.Value {
	fields := map[string]reflect.Value{}
	for i := range v.NumField() {
		if v.Type().Field(i).Type == reflect.TypeFor[Pos]() {
			v.Field(i).Set(reflect.ValueOf(r.pos(n)))
			continue
		}
		if key := v.Type().Field(i).Tag.Get("yaml"); key != "" {
			fields[key] = v.Field(i)
		}
	}
	return fields
}
