package scenario

import (
	"context"
	"fmt"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// caseOpen opens a case under a number that the runner makes up.
func (r *run) caseOpen(ctx context.Context, step Step) (client.Answer, error) {
	aliases, err := step.With.List("persons")
	if err != nil {
		return client.Answer{}, err
	}
	numbers := []string{}
	for _, alias := range aliases {
		person, ok := r.file.Persons[alias]
		if !ok {
			return client.Answer{}, step.With.Refuse("persons", "the file has no person %q", alias)
		}
		numbers = append(numbers, person.NationalID)
	}
	line := r.line(step, "case.opened")
	number := fmt.Sprintf("%s-%03d", r.file.ID, r.number)
	line["case"], line["persons"] = number, numbers
	if err := copyText(line, step.With, "type"); err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, "/v1/cases", line)
	if err != nil {
		return answer, err
	}
	r.remember(step, answer, thing{Path: "/v1/cases/" + made(answer, "id"), Record: made(answer, "record"), CaseNumber: number})
	return answer, nil
}

// caseClose closes a case and notes which row the statistics store got for it.
func (r *run) caseClose(ctx context.Context, step Step) (client.Answer, error) {
	ref, known, err := r.caseRef(step)
	if err != nil {
		return client.Answer{}, err
	}
	before, err := r.statisticsRows(ctx)
	if err != nil {
		return client.Answer{}, err
	}
	line := r.line(step, "case.closed")
	line["case"] = known.CaseNumber
	if err := decision(line, step); err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, "/v1/cases", line)
	if err != nil || !answer.OK() {
		return answer, err
	}
	if err := r.reach(ctx, step.At); err != nil {
		return answer, err
	}
	after, err := r.statisticsRows(ctx)
	if err != nil {
		return answer, err
	}
	for id := range after {
		if _, old := before[id]; !old {
			r.rows[ref] = id
		}
	}
	return answer, nil
}

func (r *run) caseNote(ctx context.Context, step Step) (client.Answer, error) {
	for _, key := range words("segments about final draft receivedOn fields") {
		if step.With.Has(key) {
			return client.Answer{}, fmt.Errorf("case.note with %s: %w", key, ErrUnsupported)
		}
	}
	_, known, err := r.caseRef(step)
	if err != nil {
		return client.Answer{}, err
	}
	note := map[string]any{"at": step.At.Format(time.RFC3339)}
	if err := copyText(note, step.With, "text"); err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, known.Path+"/notes", note)
	if err != nil {
		return answer, err
	}
	id := made(answer, "note", "id")
	r.remember(step, answer, thing{Path: "/v1/notes/" + id, Record: id})
	return answer, nil
}

func (r *run) caseRef(step Step) (string, thing, error) {
	ref, err := step.With.Text("case")
	if err != nil {
		return "", thing{}, err
	}
	known, err := r.named(ref)
	if err != nil || known.CaseNumber == "" {
		return "", thing{}, step.With.Refuse("case", "no step before this one opened a case %q", ref)
	}
	return ref, known, nil
}
