package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"gallra.se/libs/policy/internal/strict"
)

// Load reads one pack from each folder at the root of fsys; the folder bears the authority's name. All that is wrong with
// a pack that could be read is told at once.
func Load(fsys fs.FS) (*Set, error) {
	folders, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("load policy: %w", err)
	}
	set := &Set{packs: map[string]*Pack{}}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		pack, err := loadPack(fsys, folder.Name())
		if err != nil {
			return nil, fmt.Errorf("load policy: %w", err)
		}
		set.packs[pack.Authority] = pack
	}
	if len(set.packs) == 0 {
		return nil, errors.New("load policy: no pack found")
	}
	return set, nil
}

func loadPack(fsys fs.FS, folder string) (*Pack, error) {
	doc, err := readDocument(fsys, folder)
	if err != nil {
		return nil, err
	}
	if err := lint(folder, doc); err != nil {
		return nil, err
	}
	return doc.pack(), nil
}

// readDocument merges a folder's files; a key that two of them set is refused.
func readDocument(fsys fs.FS, folder string) (*document, error) {
	files, err := fs.Glob(fsys, folder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	doc, said := &document{}, map[string]strict.Pos{}
	for _, file := range files {
		content, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		keys, err := strict.Decode(file, content, doc)
		if err != nil {
			return nil, err
		}
		for key, at := range keys {
			if first, twice := said[key]; twice {
				return nil, at.Errorf("key %q is said already at %s", key, first)
			}
			said[key] = at
		}
	}
	if stray := strayFiles(fsys, folder); stray != "" {
		return nil, fmt.Errorf("%s: a pack holds .yaml files and nothing else", stray)
	}
	return doc, nil
}

func strayFiles(fsys fs.FS, folder string) string {
	entries, _ := fs.ReadDir(fsys, folder)
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".yaml") {
			return path.Join(folder, e.Name())
		}
	}
	return ""
}
