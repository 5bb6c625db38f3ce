package amendment

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"gallra.se/libs/calendar"
)

// Amendment is a new period for one rule, from a day on.
type Amendment struct {
	Name   string // of the policy version that it begins, such as "2026-01-01"; no blanks
	Rule   string // id of the rule, such as AFC-21
	Period string // "14 days", "3 months", "2 years"
	From   calendar.Date
}

// Write returns the pack's files with the amendment in them. Files that it does not concern are the same text.
func Write(files map[string]string, a Amendment) (map[string]string, error) {
	amended := maps.Clone(files)
	rules, versions := 0, 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		var document yaml.Node
		if err := yaml.Unmarshal([]byte(files[name]), &document); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if len(document.Content) == 0 {
			continue
		}
		changed, err := a.rules(&document, &rules)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if list := value(document.Content[0], "policyVersions"); list != nil {
			versions++
			if err := a.version(list); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			changed = true
		}
		if !changed {
			continue
		}
		if amended[name], err = written(&document); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	switch {
	case rules == 0:
		return nil, fmt.Errorf("the pack has no rule %s", a.Rule)
	case versions == 0:
		return nil, fmt.Errorf("the pack has no list policyVersions")
	}
	return amended, nil
}

func written(document *yaml.Node) (string, error) {
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	err := encoder.Encode(document)
	return text.String(), err
}

// rules amends every entry that bears the rule's id.
func (a Amendment) rules(document *yaml.Node, found *int) (changed bool, err error) {
	list := value(document.Content[0], "rules")
	if list == nil {
		return false, nil
	}
	for _, rule := range list.Content {
		id := value(rule, "id")
		if id == nil || id.Value != a.Rule {
			continue
		}
		versions := value(rule, "versions")
		if versions == nil || len(versions.Content) == 0 {
			return false, fmt.Errorf("the rule %s has no version to go by", a.Rule)
		}
		if err := a.period(versions); err != nil {
			return false, err
		}
		*found, changed = *found+1, true
	}
	return changed, nil
}
