package strict

import (
	"reflect"

	"go.yaml.in/yaml/v3"
)

func (r *reader) structure(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		r.say(n, "want keys and values")
		r.lost(n, v)
		return
	}
	fields, place := r.fieldsOf(n, v)
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		field, known := fields[key.Value]
		switch {
		case !known:
			place.lost = true
			r.say(key, "unknown key %q", key.Value)
			continue
		case seen[key.Value]:
			r.say(key, "key %q is said twice", key.Value)
			continue
		}
		seen[key.Value] = true
		place.values[key.Value] = r.pos(val)
		place.broken[key.Value] = !r.value(val, field)
	}
}

// lost notes that what should be a struct was not understood, so that nobody complains of its keys too.
func (r *reader) lost(n *yaml.Node, v reflect.Value) {
	if v.Kind() == reflect.Struct {
		_, place := r.fieldsOf(n, v)
		place.lost = true
	}
}

// fieldsOf maps a struct's keys to its fields, and finds its Place on the way.
func (r *reader) fieldsOf(n *yaml.Node, v reflect.Value) (map[string]reflect.Value, *Place) {
	fields, place := map[string]reflect.Value{}, &Place{}
	for i := range v.NumField() {
		if v.Type().Field(i).Type == reflect.TypeFor[Place]() {
			place = v.Field(i).Addr().Interface().(*Place)
			continue
		}
		if key := v.Type().Field(i).Tag.Get("yaml"); key != "" {
			fields[key] = v.Field(i)
		}
	}
	place.at(r.pos(n))
	return fields, place
}

func hasKeys(v reflect.Value) bool {
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("yaml") != "" {
			return true
		}
	}
	return false
}
