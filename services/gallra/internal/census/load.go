package census

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"
)

//go:embed declared/*.yaml
var declared embed.FS

// Load reads what is declared.
func Load() (*Census, error) {
	sub, err := fs.Sub(declared, "declared")
	if err != nil {
		return nil, err
	}
	return Read(sub)
}

// The files that are not about one kind of database.
const (
	sharedFile  = "shared.yaml"
	periodsFile = "periods.yaml"
	streamsFile = "streams.yaml"
	filesFile   = "files.yaml"
)

// Read reads the files of a folder. A key that it does not know is refused with its line.
func Read(fsys fs.FS) (*Census, error) {
	var shared struct{ Sets map[string]tables }
	var periods struct{ Periods map[string]Period }
	var streams struct{ Streams stores }
	var files struct{ Files, Elsewhere stores }
	for name, into := range map[string]any{sharedFile: &shared, periodsFile: &periods, streamsFile: &streams, filesFile: &files} {
		if err := read(fsys, name, into); err != nil {
			return nil, err
		}
	}
	c := &Census{Streams: streams.Streams, Files: files.Files, Elsewhere: files.Elsewhere, Periods: periods.Periods}
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		switch path.Base(name) {
		case sharedFile, periodsFile, streamsFile, filesFile:
			continue
		}
		d, err := readDatabase(fsys, name, shared.Sets)
		if err != nil {
			return nil, err
		}
		c.Databases = append(c.Databases, d)
	}
	return c, nil
}

func readDatabase(fsys fs.FS, name string, sets map[string]tables) (Database, error) {
	var doc struct {
		Databases []string
		Service   string
		Holds     string
		Uses      []string
		Tables    tables
	}
	if err := read(fsys, name, &doc); err != nil {
		return Database{}, err
	}
	if len(doc.Databases) == 0 || doc.Service == "" || doc.Holds == "" {
		return Database{}, fmt.Errorf("%s: say which databases it is about, whose they are and what they hold", name)
	}
	d := Database{File: name, Names: doc.Databases, Service: doc.Service, Holds: doc.Holds, Tables: doc.Tables}
	for _, set := range doc.Uses {
		if sets[set] == nil {
			return d, fmt.Errorf("%s uses %s: %s has no such set", name, set, sharedFile)
		}
		d.Tables = append(d.Tables, sets[set]...)
	}
	return d, nil
}

func read(fsys fs.FS, name string, into any) error {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("read census: %w", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("read census %s: %w", name, err)
	}
	return nil
}

// tables are read in the order in which they stand.
type tables []Table

func (t *tables) UnmarshalYAML(node *yaml.Node) error {
	return eachPair(node, func(key string, value *yaml.Node) error {
		var doc struct {
			Holds   string
			Goes    []string
			Eraser  string
			Key     string
			Gap     string
			Remains []string
			Columns columns
		}
		if err := strictly(value, &doc); err != nil {
			return fmt.Errorf("table %s: %w", key, err)
		}
		*t = append(*t, Table{Name: key, Holds: doc.Holds, Goes: doc.Goes, Eraser: doc.Eraser, Key: doc.Key, Gap: doc.Gap,
			Remains: doc.Remains, Columns: doc.Columns})
		return nil
	})
}

type columns []Column

func (c *columns) UnmarshalYAML(node *yaml.Node) error {
	return eachPair(node, func(key string, value *yaml.Node) error {
		var said []string
		if err := value.Decode(&said); err != nil || len(said) != 2 {
			return fmt.Errorf("line %d: column %s is not [kind, what it holds]", value.Line, key)
		}
		*c = append(*c, Column{Name: key, Personal: Kind(said[0]), Holds: said[1]})
		return nil
	})
}

type stores []Store

func (s *stores) UnmarshalYAML(node *yaml.Node) error {
	return eachPair(node, func(key string, value *yaml.Node) error {
		var doc struct {
			Holds    string
			Personal Kind
			Goes     []string
			Eraser   string
			Key      string
			Gap      string
		}
		if err := strictly(value, &doc); err != nil {
			return fmt.Errorf("store %s: %w", key, err)
		}
		*s = append(*s, Store{Name: key, Holds: doc.Holds, Personal: doc.Personal, Goes: doc.Goes, Eraser: doc.Eraser, Key: doc.Key, Gap: doc.Gap})
		return nil
	})
}

func eachPair(node *yaml.Node, do func(key string, value *yaml.Node) error) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: names and what they are were expected", node.Line)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i].Value
		if seen[key] {
			return fmt.Errorf("line %d: %s is declared twice", node.Content[i].Line, key)
		}
		seen[key] = true
		if err := do(key, node.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// strictly decodes a node as read does: Node.Decode lets unknown keys through.
func strictly(node *yaml.Node, into any) error {
	text, err := yaml.Marshal(node)
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	return decoder.Decode(into)
}
