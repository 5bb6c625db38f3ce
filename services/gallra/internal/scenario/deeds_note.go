package scenario

import (
	"context"
	"maps"
	"slices"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// caseNote writes a note in a case; a note about several persons has parts that are about one of them alone.
func (r *run) caseNote(ctx context.Context, step Step) (client.Answer, error) {
	_, known, err := r.caseRef(step)
	if err != nil {
		return client.Answer{}, err
	}
	persons, err := personsOf(step.With, known)
	if err != nil {
		return client.Answer{}, err
	}
	note, err := r.caseNoteOf(step)
	if err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, known.Path+"/notes", note)
	if err != nil {
		return answer, err
	}
	id := made(answer, "note", "id")
	r.remember(step, answer, thing{Path: "/v1/notes/" + id, Record: id, Persons: persons})
	return answer, nil
}

// personsOf counts whom a note is about: those that it names, else all of its case.
func personsOf(w Args, of thing) (int, error) {
	named := map[string]bool{}
	if !w.Has("about") {
		return max(of.Persons, 1), nil
	}
	about, err := w.List("about")
	if err != nil {
		return 0, err
	}
	segments, err := w.Fields("segments")
	if err != nil {
		return 0, err
	}
	for _, alias := range slices.AppendSeq(about, maps.Keys(segments)) {
		named[alias] = true
	}
	return len(named), nil
}

func (r *run) caseNoteOf(step Step) (map[string]any, error) {
	note := map[string]any{"at": step.At.Format(time.RFC3339)}
	if err := copyText(note, step.With, "text"); err != nil {
		return nil, err
	}
	for _, key := range words("final draft") {
		if !step.With.Has(key) {
			continue
		}
		yes, err := step.With.Bool(key)
		if err != nil {
			return nil, err
		}
		note[key] = yes
	}
	if err := copyDate(note, step, "receivedOn"); err != nil {
		return nil, err
	}
	if err := noteFields(note, step.With); err != nil {
		return nil, err
	}
	return note, r.aboutWhom(note, step.With)
}

// needed is the officer's word that sensitive fields belong in a case.
var needed = map[string]string{"reason": handling}

// noteFields copies what a note says about its person in fields.
func noteFields(note map[string]any, w Args) error {
	if !w.Has("fields") {
		return nil
	}
	fields, err := w.Fields("fields")
	if err != nil {
		return err
	}
	note["fields"] = fields
	if fields["health"] != nil {
		note["necessity"] = needed
	}
	return nil
}

// aboutWhom calls persons by their numbers, as an officer would.
func (r *run) aboutWhom(note map[string]any, w Args) error {
	if w.Has("about") {
		aliases, err := w.List("about")
		if err != nil {
			return err
		}
		numbers := make([]string, len(aliases))
		for i, alias := range aliases {
			if numbers[i], err = r.numberOf(w, "about", alias); err != nil {
				return err
			}
		}
		note["about"] = numbers
	}
	if !w.Has("segments") {
		return nil
	}
	segments, err := w.Fields("segments")
	if err != nil {
		return err
	}
	parts := map[string]any{}
	for alias, text := range segments {
		number, err := r.numberOf(w, "segments", alias)
		if err != nil {
			return err
		}
		parts[number] = text
	}
	note["segments"] = parts
	return nil
}

// numberOf is an alias's national number.
func (r *run) numberOf(w Args, key, alias string) (string, error) {
	person, ok := r.file.Persons[alias]
	if !ok {
		return "", w.Refuse(key, "the file has no person %q", alias)
	}
	return person.NationalID, nil
}
