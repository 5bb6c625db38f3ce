package needles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const blockSize = 1 << 20

// Find is one place where a needle was found. Needle is its index in the list that was
// compiled, so that a report can name it without spelling it out.
type Find struct {
	Needle int    `json:"needle"`
	Form   string `json:"form"`
	File   string `json:"file"`
	Offset int64  `json:"offset"`
}

// ScanDir reads every regular file under dir and returns at most one Find per needle
// and file. A file that goes away while it is read is not an error: databases recycle
// their logs.
func (s *Set) ScanDir(ctx context.Context, dir string) ([]Find, error) {
	var finds []Find
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		finds = append(finds, s.inName(name)...)
		if !entry.Type().IsRegular() {
			return nil
		}
		found, err := s.scanFile(path, name)
		finds = append(finds, found...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("scan %s: %w", dir, err)
	}
	return finds, nil
}

func (s *Set) inName(name string) []Find {
	var finds []Find
	s.each([]byte(filepath.Base(name)), func(at int, p pattern) {
		finds = append(finds, Find{Needle: p.needle, Form: "file name", File: name, Offset: int64(at)})
	})
	return finds
}

func (s *Set) scanFile(path, name string) ([]Find, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return s.Scan(file, name)
}

// Scan reads r to its end. Blocks overlap by the longest pattern, so that nothing hides
// on a boundary.
func (s *Set) Scan(r io.Reader, name string) ([]Find, error) {
	var finds []Find
	seen := map[int]bool{}
	overlap := max(s.longest-1, 0)
	buffer, ok := s.blocks.Get().(*[]byte)
	if !ok {
		buffer = new(make([]byte, 0, blockSize+overlap))
	}
	defer s.blocks.Put(buffer)
	block := (*buffer)[:0]
	base := int64(0)
	for {
		n, err := io.ReadFull(r, block[len(block):len(block)+blockSize])
		block = block[:len(block)+n]
		s.each(block, func(at int, p pattern) {
			if !seen[p.needle] {
				seen[p.needle] = true
				finds = append(finds, Find{Needle: p.needle, Form: p.form, File: name, Offset: base + int64(at)})
			}
		})
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return finds, nil
		}
		if err != nil {
			return finds, fmt.Errorf("read %s: %w", name, err)
		}
		keep := min(overlap, len(block))
		base += int64(len(block) - keep)
		block = append(block[:0], block[len(block)-keep:]...)
	}
}

// each calls hit for every pattern at every place in b.
func (s *Set) each(b []byte, hit func(at int, p pattern)) {
	for i := 0; i+shortest <= len(b); i++ {
		if !s.first[uint16(b[i])|uint16(b[i+1])<<8] || !s.second[uint16(b[i+2])|uint16(b[i+3])<<8] {
			continue
		}
		for _, candidate := range s.byPrefix[prefix(b[i:])] {
			if p := s.patterns[candidate]; bytes.HasPrefix(b[i:], p.bytes) {
				hit(i, p)
			}
		}
	}
}
