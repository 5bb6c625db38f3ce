package scenario

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Load reads one scenario file, strictly.
func Load(path string) (*File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read scenario: %w", err)
	}
	return Decode(path, text)
}

// Decode reads the text of a scenario file; path is used in messages only.
func Decode(path string, text []byte) (*File, error) {
	var document yaml.Node
	source := yaml.NewDecoder(bytes.NewReader(text))
	if err := source.Decode(&document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	d := &reader{file: &File{Path: path}, names: map[string]bool{}}
	if err := d.top(document.Content[0]); err != nil {
		return nil, err
	}
	return d.file, nil
}

// reader reads format 1. names are the refs and aliases that a step may speak of.
type reader struct {
	file  *File
	names map[string]bool
	last  time.Time
}

func (d *reader) top(node *yaml.Node) error {
	all, err := only(d.file.Path, "the file", node, words("format id title promises authority actors persons employers canaries steps"))
	if err != nil {
		return err
	}
	at := map[string]*yaml.Node{}
	for _, m := range all {
		at[m.key] = m.value
	}
	for _, required := range words("format id title promises authority steps") {
		if at[required] == nil {
			return refuse(d.file.Path, node, "the file has no %q", required)
		}
	}
	if at["format"].Value != "1" {
		return refuse(d.file.Path, at["format"], "this runner reads format 1")
	}
	for _, m := range all {
		if err := d.head(m); err != nil {
			return err
		}
	}
	return d.steps(at["steps"])
}

// head reads everything but the steps, which need it whole.
func (d *reader) head(m member) (err error) {
	f, path := d.file, d.file.Path
	switch m.key {
	case "id":
		f.ID, err = scalar(path, m.key, m.value)
	case "title":
		f.Title, err = scalar(path, m.key, m.value)
	case "promises":
		f.Promises, err = list(path, m.key, m.value)
	case "canaries":
		f.Canaries, err = list(path, m.key, m.value)
	case "authority":
		f.Authority, err = d.authority(m.value)
	case "actors":
		f.Actors, err = aliases(d, m, words("roles appointed"), d.actor)
	case "persons":
		f.Persons, err = aliases(d, m, words("nationalId name"), d.person)
	case "employers":
		f.Employers, err = aliases(d, m, words("orgNumber name"), d.employer)
	}
	return err
}

func (d *reader) authority(node *yaml.Node) (string, error) {
	name, err := scalar(d.file.Path, "authority", node)
	if err == nil && zoneOf(name) == nil {
		err = refuse(d.file.Path, node, "unknown authority %q", name)
	}
	return name, err
}

// aliases reads a mapping from alias to a closed set of keys.
func aliases[V any](d *reader, m member, allowed []string, set func(*V, member) error) (map[string]V, error) {
	all, err := members(d.file.Path, m.key, m.value)
	if err != nil {
		return nil, err
	}
	out := map[string]V{}
	for _, alias := range all {
		keys, err := only(d.file.Path, alias.key, alias.value, allowed)
		if err != nil {
			return nil, err
		}
		var value V
		for _, key := range keys {
			if err := set(&value, key); err != nil {
				return nil, err
			}
		}
		out[alias.key] = value
		d.names[alias.key] = true
	}
	return out, nil
}

func (d *reader) actor(a *Actor, m member) (err error) {
	if m.key == "roles" {
		a.Roles, err = list(d.file.Path, m.key, m.value)
		return err
	}
	a.Appointed, err = boolean(d.file.Path, m.key, m.value)
	return err
}

func (d *reader) person(p *Person, m member) (err error) {
	if m.key == "name" {
		p.Name, err = scalar(d.file.Path, m.key, m.value)
		return err
	}
	p.NationalID, err = scalar(d.file.Path, m.key, m.value)
	return err
}

func (d *reader) employer(e *Employer, m member) (err error) {
	if m.key == "name" {
		e.Name, err = scalar(d.file.Path, m.key, m.value)
		return err
	}
	e.OrgNumber, err = scalar(d.file.Path, m.key, m.value)
	return err
}

// declared reports whether a ref, or the record that a part such as note/anna belongs
// to, was made by an earlier step or is an alias.
func (d *reader) declared(ref string) bool {
	whole, _, _ := strings.Cut(ref, "/")
	return d.names[ref] || d.names[whole]
}
