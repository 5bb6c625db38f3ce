package scenario

import (
	"go.yaml.in/yaml/v3"
)

// shape reads the value of a check and names the refs that it speaks of.
type shape func(file, key string, node *yaml.Node) (value any, refs []named, err error)

// named is a ref with its place in the file.
type named struct {
	ref string
	at  *yaml.Node
}

// checks lists every check of the format with the shape of its value.
var checks = map[string]shape{
	"readable":   refList,
	"gone":       refList,
	"hidden":     hiddenShape,
	"receipts":   refListOrWords,
	"absent":     absentShape,
	"due":        refTexts,
	"limits":     limitsShape,
	"paused":     refTexts,
	"alarms":     stringList,
	"statistics": statisticsShape,
	"unlinkable": opaque,
	"cells":      opaque,
	"stream":     opaque,
	"archive":    refTexts,
	"stored":     refLists,
	"counters":   counterShape,
	"delivered":  opaque,
	"notified":   stringList,
	"extract":    opaque,
	"log":        opaque,
}

func refList(file, key string, node *yaml.Node) (any, []named, error) {
	refs, err := list(file, key, node)
	if err != nil {
		return nil, nil, err
	}
	return refs, itemNames(node), nil
}

func itemNames(node *yaml.Node) []named {
	var out []named
	for _, item := range node.Content {
		out = append(out, named{item.Value, item})
	}
	return out
}

// refListOrWords reads `[ref…]` or `{ref: [word…]}` into map[string][]string.
func refListOrWords(file, key string, node *yaml.Node) (any, []named, error) {
	if node.Kind != yaml.SequenceNode {
		return refLists(file, key, node)
	}
	refs, err := list(file, key, node)
	if err != nil {
		return nil, nil, err
	}
	out := map[string][]string{}
	for _, ref := range refs {
		out[ref] = nil
	}
	return out, itemNames(node), nil
}

func refLists(file, key string, node *yaml.Node) (any, []named, error) {
	return byRef(file, key, node, list)
}

func refTexts(file, key string, node *yaml.Node) (any, []named, error) {
	return byRef(file, key, node, scalar)
}

func statisticsShape(file, key string, node *yaml.Node) (any, []named, error) {
	return byRef(file, key, node, func(file, what string, value *yaml.Node) (string, error) {
		state, err := scalar(file, what, value)
		if err == nil && !known(words("linked separated present absent"), state) {
			err = refuse(file, value, "%q is no state of a statistics row", state)
		}
		return state, err
	})
}

func limitsShape(file, key string, node *yaml.Node) (any, []named, error) {
	return byRef(file, key, node, func(file, what string, value *yaml.Node) (Limits, error) {
		var limits Limits
		all, err := only(file, what, value, words("normal ceiling statutory"))
		if err != nil {
			return limits, err
		}
		for _, m := range all {
			text, err := scalar(file, m.key, m.value)
			if err != nil {
				return limits, err
			}
			*map[string]*string{"normal": &limits.Normal, "ceiling": &limits.Ceiling, "statutory": &limits.Statutory}[m.key] = text
		}
		return limits, nil
	})
}

func byRef[V any](file, key string, node *yaml.Node, read func(file, what string, node *yaml.Node) (V, error)) (any, []named, error) {
	all, err := members(file, key, node)
	if err != nil {
		return nil, nil, err
	}
	out, refs := map[string]V{}, []named{}
	for _, m := range all {
		value, err := read(file, key+" of "+m.key, m.value)
		if err != nil {
			return nil, nil, err
		}
		out[m.key], refs = value, append(refs, named{m.key, m.at})
	}
	return out, refs, nil
}

func counterShape(file, key string, node *yaml.Node) (any, []named, error) {
	value, _, err := byRef(file, key, node, integer)
	return value, nil, err
}

func absentShape(file, key string, node *yaml.Node) (any, []named, error) {
	if node.Kind == yaml.SequenceNode {
		texts, err := list(file, key, node)
		return Absent{Strings: texts}, nil, err
	}
	if yes, err := boolean(file, key, node); err != nil || !yes {
		return nil, nil, refuse(file, node, "absent is true or a list of strings")
	}
	return Absent{Canaries: true}, nil, nil
}

func stringList(file, key string, node *yaml.Node) (any, []named, error) {
	texts, err := list(file, key, node)
	return texts, nil, err
}

// opaque takes a value as it stands: a check of the format that this runner does not do.
func opaque(_, _ string, node *yaml.Node) (any, []named, error) { return node, nil, nil }
