package policy

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Text is one pack as it is written, before anybody has understood it.
type Text struct {
	Authority string // that it says it is of, else the folder's name
	Folder    string // within the tree that was read: "." for its root
	Files     map[string]string
}

// Texts reads packs for those who change them: a tree that holds a folder per authority, or the files of one. name is what
// the root is called, for a pack that does not say whose it is.
func Texts(fsys fs.FS, name string) ([]Text, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("read packs: %w", err)
	}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && strings.HasSuffix(e.Name(), ".yaml") }) {
		t, err := text(fsys, ".", name)
		return []Text{t}, err
	}
	var all []Text
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		t, err := text(fsys, e.Name(), e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("read packs: there is none in %s", name)
	}
	return all, nil
}

func text(fsys fs.FS, folder, name string) (Text, error) {
	files, err := Folder(fsys, folder)
	if err != nil {
		return Text{}, fmt.Errorf("read packs: %w", err)
	}
	authority := path.Base(name)
	if doc, _, _ := read(authority, files); doc.Authority != "" && folder == "." {
		authority = doc.Authority
	}
	return Text{Authority: authority, Folder: folder, Files: files}, nil
}

// Parse is the package's Parse of this text.
func (t Text) Parse() (*Pack, error) { return Parse(t.Authority, t.Files) }
