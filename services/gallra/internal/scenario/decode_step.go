package scenario

import (
	"go.yaml.in/yaml/v3"
)

func (d *reader) steps(node *yaml.Node) error {
	if node.Kind != yaml.SequenceNode {
		return refuse(d.file.Path, node, "steps must be a list")
	}
	for _, item := range node.Content {
		step, err := d.step(item)
		if err != nil {
			return err
		}
		d.file.Steps = append(d.file.Steps, step)
	}
	return nil
}

func (d *reader) step(node *yaml.Node) (Step, error) {
	path := d.file.Path
	step := Step{Line: node.Line, Authority: d.file.Authority}
	all, err := only(path, "a step", node, words("at by authority do ref with expect check"))
	if err != nil {
		return step, err
	}
	at := map[string]*yaml.Node{}
	for _, m := range all {
		at[m.key] = m.value
	}
	if (at["do"] == nil) == (at["check"] == nil) {
		return step, refuse(path, node, "a step has either do or check")
	}
	if at["authority"] != nil {
		if step.Authority, err = d.authority(at["authority"]); err != nil {
			return step, err
		}
	}
	if err := d.moment(&step, node, at["at"]); err != nil {
		return step, err
	}
	if at["check"] != nil {
		return step, d.check(&step, at)
	}
	return step, d.action(&step, at)
}

func (d *reader) moment(step *Step, node, at *yaml.Node) (err error) {
	if at == nil {
		return refuse(d.file.Path, node, "a step needs at")
	}
	step.AtText = at.Value
	if step.At, err = Moment(at.Value, zoneOf(step.Authority)); err != nil {
		return refuse(d.file.Path, at, "%s", err.Error())
	}
	if step.At.Before(d.last) {
		return refuse(d.file.Path, at, "a step goes back in time")
	}
	d.last = step.At
	return nil
}

func (d *reader) check(step *Step, at map[string]*yaml.Node) error {
	for _, foreign := range words("by ref with expect") {
		if at[foreign] != nil {
			return refuse(d.file.Path, at[foreign], "a check has no %s", foreign)
		}
	}
	all, err := members(d.file.Path, "check", at["check"])
	if err != nil {
		return err
	}
	for _, m := range all {
		read, ok := checks[m.key]
		if !ok {
			return refuse(d.file.Path, m.at, "unknown check %q", m.key)
		}
		value, refs, err := read(d.file.Path, m.key, m.value)
		if err != nil {
			return err
		}
		for _, name := range refs {
			if !d.declared(name.ref) {
				return refuse(d.file.Path, name.at, "no step before this one made %q", name.ref)
			}
		}
		step.Claims = append(step.Claims, Claim{Key: m.key, Line: m.at.Line, Value: value})
	}
	return nil
}

func (d *reader) action(step *Step, at map[string]*yaml.Node) (err error) {
	path := d.file.Path
	if step.Do, err = scalar(path, "do", at["do"]); err != nil {
		return err
	}
	allowed, ok := actions[step.Do]
	if !ok {
		return refuse(path, at["do"], "unknown action %q", step.Do)
	}
	if at["by"] != nil {
		if step.By, err = scalar(path, "by", at["by"]); err != nil {
			return err
		}
	}
	if step.With, err = d.arguments(step.Do, at["with"], allowed); err != nil {
		return err
	}
	if step.Expect, err = d.expect(at["expect"]); err != nil {
		return err
	}
	if at["ref"] != nil {
		if step.Ref, err = scalar(path, "ref", at["ref"]); err != nil {
			return err
		}
		d.names[step.Ref] = true
	}
	return nil
}

func (d *reader) arguments(action string, node *yaml.Node, allowed []string) (Args, error) {
	args := Args{file: d.file.Path, nodes: map[string]*yaml.Node{}}
	if node == nil {
		return args, nil
	}
	all, err := members(d.file.Path, "with", node)
	if err != nil {
		return args, err
	}
	for _, m := range all {
		if !known(allowed, m.key) {
			return args, refuse(d.file.Path, m.at, "%s takes no argument %q", action, m.key)
		}
		if m.key == "fields" && m.value.Kind == yaml.MappingNode {
			if err := d.fieldNames(action, m.value); err != nil {
				return args, err
			}
		}
		args.nodes[m.key] = m.value
	}
	return args, nil
}

func (d *reader) fieldNames(action string, node *yaml.Node) error {
	all, err := members(d.file.Path, "fields", node)
	if err != nil {
		return err
	}
	for _, m := range all {
		if !known(personFields, m.key) && !known(moreFields[action], m.key) {
			return refuse(d.file.Path, m.at, "unknown field %q", m.key)
		}
	}
	return nil
}
