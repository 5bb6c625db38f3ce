package scenario

import "go.yaml.in/yaml/v3"

func (d *reader) expect(node *yaml.Node) (Expect, error) {
	expect := Expect{set: map[string]bool{}}
	if node == nil {
		return expect, nil
	}
	all, err := members(d.file.Path, "expect", node)
	if err != nil {
		return expect, err
	}
	for _, m := range all {
		expect.set[m.key] = true
		if err := d.expectation(&expect, m); err != nil {
			return expect, err
		}
	}
	return expect, nil
}

func (d *reader) expectation(e *Expect, m member) (err error) {
	texts := map[string]*string{"outcome": &e.Outcome, "rule": &e.Rule, "answer": &e.Answer, "due": &e.Due, "lastDay": &e.LastDay, "extendedTo": &e.Until, "same-as": &e.SameAs}
	lists := map[string]*[]string{"stored": &e.Stored, "dropped": &e.Dropped, "fields": &e.Fields, "flags": &e.Flags}
	switch {
	case texts[m.key] != nil:
		*texts[m.key], err = scalar(d.file.Path, m.key, m.value)
	case lists[m.key] != nil:
		*lists[m.key], err = list(d.file.Path, m.key, m.value)
	default:
		err = refuse(d.file.Path, m.at, "unknown expectation %q", m.key)
	}
	if err != nil {
		return err
	}
	if m.key == "outcome" && !known(outcomes, e.Outcome) {
		return refuse(d.file.Path, m.value, "unknown outcome %q", e.Outcome)
	}
	if m.key == "same-as" && !d.declared(e.SameAs) {
		return refuse(d.file.Path, m.value, "no step before this one made %q", e.SameAs)
	}
	return nil
}
