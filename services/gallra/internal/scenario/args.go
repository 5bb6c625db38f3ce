package scenario

import "go.yaml.in/yaml/v3"

// Has reports whether the author gave the argument.
func (a Args) Has(key string) bool { return a.nodes[key] != nil }

// Text returns a single value, "" when the argument is not given.
func (a Args) Text(key string) (string, error) {
	if !a.Has(key) {
		return "", nil
	}
	return scalar(a.file, key, a.nodes[key])
}

// Bool returns false when the argument is not given.
func (a Args) Bool(key string) (bool, error) {
	if !a.Has(key) {
		return false, nil
	}
	return boolean(a.file, key, a.nodes[key])
}

// List returns nil when the argument is not given.
func (a Args) List(key string) ([]string, error) {
	if !a.Has(key) {
		return nil, nil
	}
	return list(a.file, key, a.nodes[key])
}

// Fields returns the named values of `fields`, ready for JSON.
func (a Args) Fields(key string) (map[string]any, error) {
	fields := map[string]any{}
	if !a.Has(key) {
		return fields, nil
	}
	all, err := members(a.file, key, a.nodes[key])
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		value, err := plain(a.file, m.value)
		if err != nil {
			return nil, err
		}
		fields[m.key] = value
	}
	return fields, nil
}

// Object returns the arguments inside an argument, such as the note of a contact.
func (a Args) Object(key string, allowed []string) (Args, error) {
	inner := Args{file: a.file, nodes: map[string]*yaml.Node{}}
	if !a.Has(key) {
		return inner, nil
	}
	all, err := only(a.file, key, a.nodes[key], allowed)
	if err != nil {
		return inner, err
	}
	for _, m := range all {
		inner.nodes[m.key] = m.value
	}
	return inner, nil
}

// Refuse says what is wrong with an argument, with its place in the file.
func (a Args) Refuse(key, format string, args ...any) error {
	node := a.nodes[key]
	if node == nil {
		node = &yaml.Node{}
	}
	return refuse(a.file, node, format, args...)
}

// plain turns a node into what JSON holds. Dates stay the text that the author wrote.
func plain(file string, node *yaml.Node) (any, error) {
	switch node.Kind {
	case yaml.MappingNode:
		all, err := members(file, "a value", node)
		if err != nil {
			return nil, err
		}
		out := map[string]any{}
		for _, m := range all {
			if out[m.key], err = plain(file, m.value); err != nil {
				return nil, err
			}
		}
		return out, nil
	case yaml.SequenceNode:
		out := make([]any, 0, len(node.Content))
		for _, item := range node.Content {
			value, err := plain(file, item)
			if err != nil {
				return nil, err
			}
			out = append(out, value)
		}
		return out, nil
	}
	return plainScalar(file, node)
}

func plainScalar(file string, node *yaml.Node) (any, error) {
	switch node.Tag {
	case "!!bool":
		return boolean(file, "a value", node)
	case "!!int":
		return integer(file, "a value", node)
	case "!!null":
		return nil, refuse(file, node, "a value is missing")
	}
	return node.Value, nil
}
