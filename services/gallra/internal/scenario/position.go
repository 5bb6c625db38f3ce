package scenario

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// PositionError says where in a file the author went outside the format.
type PositionError struct {
	File         string
	Line, Column int
	Message      string
}

func (e *PositionError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

func refuse(file string, at *yaml.Node, format string, args ...any) *PositionError {
	return &PositionError{File: file, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...)}
}

// member is one key of a mapping, in the order of the file.
type member struct {
	key   string
	at    *yaml.Node
	value *yaml.Node
}

// members splits a mapping and refuses what is none, and a key that stands twice.
func members(file, what string, node *yaml.Node) ([]member, error) {
	if node.Kind != yaml.MappingNode {
		return nil, refuse(file, node, "%s must be a mapping", what)
	}
	seen := map[string]bool{}
	out := make([]member, 0, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Kind != yaml.ScalarNode {
			return nil, refuse(file, key, "a key of %s must be a word", what)
		}
		if seen[key.Value] {
			return nil, refuse(file, key, "%q stands twice in %s", key.Value, what)
		}
		seen[key.Value] = true
		out = append(out, member{key.Value, key, node.Content[i+1]})
	}
	return out, nil
}

// only is members with a closed list of keys.
func only(file, what string, node *yaml.Node, allowed []string) ([]member, error) {
	all, err := members(file, what, node)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if !known(allowed, m.key) {
			return nil, refuse(file, m.at, "unknown key %q in %s", m.key, what)
		}
	}
	return all, nil
}

func scalar(file, what string, node *yaml.Node) (string, error) {
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		return "", refuse(file, node, "%s must be a single value", what)
	}
	return node.Value, nil
}

func boolean(file, what string, node *yaml.Node) (bool, error) {
	var value bool
	if node.Kind != yaml.ScalarNode || node.Tag != "!!bool" || node.Decode(&value) != nil {
		return false, refuse(file, node, "%s must be true or false", what)
	}
	return value, nil
}

func integer(file, what string, node *yaml.Node) (int, error) {
	var value int
	if node.Kind != yaml.ScalarNode || node.Tag != "!!int" || node.Decode(&value) != nil {
		return 0, refuse(file, node, "%s must be a whole number", what)
	}
	return value, nil
}

func list(file, what string, node *yaml.Node) ([]string, error) {
	if node.Kind != yaml.SequenceNode {
		return nil, refuse(file, node, "%s must be a list", what)
	}
	out := make([]string, 0, len(node.Content))
	for _, item := range node.Content {
		text, err := scalar(file, "an item of "+what, item)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}
