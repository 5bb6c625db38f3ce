package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"gallra.se/libs/policy/internal/strict"
)

// Load reads one pack from each folder at the root of fsys; the folder bears the authority's name. All that is wrong is told
// at once.
func Load(fsys fs.FS) (*Set, error) {
	folders, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("load policy: %w", err)
	}
	packs, faults := map[string]*Pack{}, []error(nil)
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		pack, err := loadPack(fsys, folder.Name())
		if err != nil {
			faults = append(faults, err)
			continue
		}
		packs[pack.Authority] = pack
	}
	if len(packs)+len(faults) == 0 {
		faults = append(faults, errors.New("no pack found"))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("load policy: %w", errors.Join(faults...))
	}
	return newSet(packs), nil
}

func loadPack(fsys fs.FS, folder string) (*Pack, error) {
	files, err := Folder(fsys, folder)
	if err != nil {
		return nil, err
	}
	return Parse(folder, files)
}

// Folder reads the files of one pack.
func Folder(fsys fs.FS, folder string) (map[string]string, error) {
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		if e.IsDir() {
			return nil, stray(name)
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		files[e.Name()] = string(text)
	}
	return files, nil
}

func stray(name string) error {
	return fmt.Errorf("%s: a pack holds .yaml files and nothing else", name)
}

// Parse reads an authority's pack from its files, by name. The error tells every fault with authority/file:line:column,
// one per line.
func Parse(authority string, files map[string]string) (*Pack, error) {
	doc, faults, legible := read(authority, files)
	if legible {
		faults = append(faults, lint(authority, doc)...)
	}
	if len(faults) > 0 {
		strict.Sort(faults)
		return nil, errors.Join(faults...)
	}
	pack := doc.pack()
	pack.files = maps.Clone(files)
	return pack, nil
}

// read merges a pack's files; a key that two of them set is refused. Where a file is not legible at all, what seems to be
// missing may be in it.
func read(authority string, files map[string]string) (doc *document, faults []error, legible bool) {
	doc, said, legible := &document{}, map[string]strict.Pos{}, true
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := path.Join(authority, name)
		if !strings.HasSuffix(name, ".yaml") {
			faults = append(faults, stray(file))
			continue
		}
		keys, wrong := strict.Decode(file, []byte(files[name]), doc)
		faults = append(faults, wrong...)
		legible = legible && keys != nil
		for key, at := range keys {
			if first, twice := said[key]; twice {
				faults = append(faults, at.Errorf("key %q is said already at %s", key, first))
			}
			said[key] = at
		}
	}
	if doc.At.File == "" {
		doc.At.Pos = strict.Pos{File: authority, Line: 1, Column: 1}
	}
	return doc, faults, legible
}
