package credentials

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Partners are all that the folder keeps, by name.
func (f Folder) Partners() ([]Partner, error) {
	files, err := filepath.Glob(filepath.Join(f.partners(), "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list partners: %w", err)
	}
	var all []Partner
	for _, file := range files {
		p, err := readPartner(file)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Partner) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Partner is one of them; the error is fs.ErrNotExist where there is none of that name.
func (f Folder) Partner(name string) (Partner, error) {
	if err := CheckName(name); err != nil {
		return Partner{}, err
	}
	return readPartner(f.partnerFile(name))
}

func readPartner(file string) (p Partner, err error) {
	text, err := read(file, ownerOnly)
	if err != nil {
		return p, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil || CheckName(p.Name) != nil || p.Name+".json" != filepath.Base(file) {
		return p, damaged(file, "partner")
	}
	for _, grant := range p.Subscribe {
		if sourcesOf(grant.What) == nil {
			return p, fmt.Errorf("%s names the event %s, which this gallra does not know: run `gallra connect add %s` again with what it should read", file, grant.What, p.Name)
		}
	}
	return p, nil
}

// KeepPartner writes what a partner has, and lets it log in from the server's next reading
// of its configuration on.
func (f Folder) KeepPartner(p Partner) error {
	if err := CheckName(p.Name); err != nil {
		return err
	}
	text, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return fmt.Errorf("encode partner: %w", err)
	}
	if err := write(f.partnerFile(p.Name), ownerOnly, append(text, '\n')); err != nil {
		return err
	}
	_, err = f.WriteAccounts()
	return err
}

// DropPartner takes everything of a partner away.
func (f Folder) DropPartner(p Partner) error {
	tokens, err := filepath.Glob(f.TokenFile(p.Name, "*"))
	if err != nil {
		return fmt.Errorf("list tokens of %s: %w", p.Name, err)
	}
	for _, file := range append(tokens, f.partnerFile(p.Name), f.Seed(p.User().Name)) {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("drop partner %s: %w", p.Name, err)
		}
	}
	_, err = f.WriteAccounts()
	return err
}

// TokenFile is where a partner's bearer token for an authority lies.
func (f Folder) TokenFile(partner, authority string) string {
	return filepath.Join(f.partners(), partner+"."+authority+".token")
}

// KeepToken writes it.
func (f Folder) KeepToken(partner, authority, token string) error {
	return write(f.TokenFile(partner, authority), ownerOnly, []byte(token+"\n"))
}

func (f Folder) partnerFile(name string) string { return filepath.Join(f.partners(), name+".json") }

// Hold keeps others from changing partners until release is called.
func (f Folder) Hold() (release func(), err error) {
	if err := f.Open(); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(f.partners(), ".lock"), os.O_CREATE|os.O_RDWR, ownerOnly)
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		return nil, fmt.Errorf("hold the partners: %w", err)
	}
	return func() { lock.Close() }, nil
}

// Readers are the consumers of all partners.
func (f Folder) Readers() ([]Reader, error) {
	partners, err := f.Partners()
	all := []Reader{}
	for _, p := range partners {
		all = append(all, p.Readers()...)
	}
	return all, err
}

// writeReaders writes the partners' consumers, for whoever provisions streams.
func (f Folder) writeReaders() (made []string, err error) {
	all, err := f.Readers()
	if err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode the partners' consumers: %w", err)
	}
	return f.derive(f.readers(), append(text, '\n'))
}

// ReadReaders reads the file of the partners' consumers.
func ReadReaders(path string) (all []Reader, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, explained(path, err)
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, damaged(path, "list of consumers")
	}
	return all, nil
}
