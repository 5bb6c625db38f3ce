package casework

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/part"
	"gallra.se/services/case-linker/internal/store"
)

// NoteView is what an entitled reader gets of a note. It holds nothing of the contact but its opaque id (AFC-22).
type NoteView struct {
	ID       uuid.UUID            `json:"id"`
	Case     uuid.UUID            `json:"case"`
	Category string               `json:"category"`
	Contact  *uuid.UUID           `json:"contact,omitempty"`
	NotedAt  time.Time            `json:"notedAt"`
	Text     string               `json:"text"`
	Segments map[uuid.UUID]string `json:"segments,omitempty"` // what is about one person only, by the person's id
	Author   string               `json:"author,omitempty"`
	Reason   string               `json:"reason,omitempty"` // why it was taken into its case
	Persons  []uuid.UUID          `json:"persons"`          // whom it is about and whose part lives
	Units    []uuid.UUID          `json:"units"`            // that those parts go with, in the same order
	Stored   []string             `json:"stored"`
	Flags    []string             `json:"flags"` // tokenised: somebody whom it was about too is gone
	DueAt    *time.Time           `json:"dueAt,omitempty"`
	Written

	caseType  string
	protected bool
}

// ReadNote reads a note from those of its parts that live.
func (d *Desk) ReadNote(ctx context.Context, authority string, id uuid.UUID) (NoteView, error) {
	return d.readParts(ctx, authority, id, func(store.Part) bool { return true })
}

// ReadPart reads the part of a note that is about one person: whoever else stands in it is a token.
func (d *Desk) ReadPart(ctx context.Context, authority string, id, person uuid.UUID) (NoteView, error) {
	return d.readParts(ctx, authority, id, func(p store.Part) bool { return p.Person == person })
}

func (d *Desk) readParts(ctx context.Context, authority string, id uuid.UUID, wanted func(store.Part) bool) (NoteView, error) {
	parts, protected, err := d.partsOf(ctx, d.DB, authority, id)
	if err != nil {
		return NoteView{}, err
	}
	var read []readPart
	for _, p := range parts {
		if !wanted(p) || d.over(p.DueAt, p.Intended, p.Held) {
			continue
		}
		note, err := readNote(ctx, d, p)
		if is(err, "gone") {
			continue
		}
		if err != nil {
			return NoteView{}, err
		}
		read = append(read, readPart{p, note})
	}
	switch {
	case len(read) > 0:
		v := viewOf(read)
		v.protected = protected
		return v, nil
	case len(parts) > 0 && slices.ContainsFunc(parts, wanted):
		return NoteView{}, problem.New("gone")
	}
	return NoteView{}, d.missing(ctx, authority, id)
}

func readNote(ctx context.Context, d *Desk, p store.Part) (Note, error) {
	return read[Note](ctx, d, p.Authority, p.GoesWith(), p.Note.Note, p.Category, p.Content)
}

type readPart struct {
	store.Part
	note Note
}

func viewOf(read []readPart) NoteView {
	first := read[0]
	v := NoteView{caseType: first.CaseType, ID: first.Note.Note, Case: first.Case, Category: first.Category, Contact: first.Contact, NotedAt: first.NotedAt.UTC(),
		Text: first.note.Text, Author: first.note.Author, Reason: first.note.Reason, Stored: []string{"author", "text"}, Flags: []string{}, DueAt: orNil(first.DueAt)}
	v.Written = first.note.Written
	v.Stored = append(v.Stored, slices.Sorted(maps.Keys(v.Fields))...)
	texts, persons := map[int]part.Texts{}, map[int]uuid.UUID{}
	for _, r := range read {
		v.Persons, v.Units = append(v.Persons, r.Person), append(v.Units, r.GoesWith())
		if r.note.Shared != nil {
			texts[r.note.Person], persons[r.note.Person] = *r.note.Shared, r.Person
		}
	}
	if len(texts) == 0 {
		return v
	}
	whole := part.Assemble(texts)
	v.Text = whole.Common
	for _, number := range slices.Sorted(maps.Keys(whole.Segments)) {
		if v.Segments == nil {
			v.Segments = map[uuid.UUID]string{}
		}
		v.Segments[persons[number]] = whole.Segments[number]
	}
	if len(texts) < len(first.note.About) {
		v.Flags = append(v.Flags, "tokenised")
	}
	return v
}
