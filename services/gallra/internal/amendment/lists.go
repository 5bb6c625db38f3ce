package amendment

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// ownToVersion are the keys of a rule's version that the next one does not take over.
var ownToVersion = map[string]bool{"validFrom": true, "validUntil": true, "period": true, "assumed": true, "reason": true}

// period puts a version into a rule's list, which stays in the order of the days.
func (a Amendment) period(list *yaml.Node) error {
	at, err := a.place(list)
	if err != nil {
		return err
	}
	before := list.Content[max(at-1, 0)]
	next := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: yaml.FlowStyle}
	set(next, "validFrom", a.From.String(), "!!timestamp")
	set(next, "period", a.Period, "!!str")
	for i := 0; i+1 < len(before.Content); i += 2 {
		if key := before.Content[i]; !ownToVersion[key.Value] {
			next.Content = append(next.Content, bare(key), bare(before.Content[i+1]))
		}
	}
	if value(next, "mode") == nil {
		set(next, "mode", "exact", "!!str")
	}
	insert(list, at, next)
	return nil
}

// version names the pack's version of that day; one that begins on the same day is it already.
func (a Amendment) version(list *yaml.Node) error {
	for _, have := range list.Content {
		name, from := value(have, "version"), value(have, "validFrom")
		switch {
		case from != nil && from.Value == a.From.String():
			return nil
		case name != nil && name.Value == a.Name:
			return fmt.Errorf("a policy version %s is there already", a.Name)
		}
	}
	at, err := a.place(list)
	if err != nil {
		return err
	}
	next := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: yaml.FlowStyle}
	set(next, "version", a.Name, "!!str")
	next.Content[1].Style = yaml.DoubleQuotedStyle
	set(next, "validFrom", a.From.String(), "!!timestamp")
	insert(list, at, next)
	return nil
}

// place is where the day belongs in a list that is in the order of its days.
func (a Amendment) place(list *yaml.Node) (int, error) {
	for i, have := range list.Content {
		from := value(have, "validFrom")
		switch {
		case from == nil:
			return 0, fmt.Errorf("line %d: a version does not say from when it is valid", have.Line)
		case from.Value == a.From.String():
			return 0, fmt.Errorf("line %d: a version from %s is there already", have.Line, from.Value)
		case from.Value > a.From.String():
			return i, nil
		}
	}
	return len(list.Content), nil
}

// insert puts an item where the next one's comments stay with the next one.
func insert(list *yaml.Node, at int, item *yaml.Node) {
	list.Content = append(list.Content, nil)
	copy(list.Content[at+1:], list.Content[at:])
	list.Content[at] = item
}

func value(mapping *yaml.Node, key string) *yaml.Node {
	if mapping.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

func set(mapping *yaml.Node, key, text, tag string) {
	mapping.Content = append(mapping.Content,
		&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text})
}

// bare is a node without the remarks that somebody made about the older version.
func bare(node *yaml.Node) *yaml.Node {
	plain := *node
	plain.HeadComment, plain.LineComment, plain.FootComment = "", "", ""
	return &plain
}
