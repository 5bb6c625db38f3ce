package scenario

import (
	"context"

	"gallra.se/services/gallra/internal/client"
)

// personRegister hands in a registration. Its ref and the person's alias both name it.
func (r *run) personRegister(ctx context.Context, step Step) (client.Answer, error) {
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	fields, err := step.With.Fields("fields")
	if err != nil {
		return client.Answer{}, err
	}
	if fields["name"] == nil {
		fields["name"] = person.Name
	}
	fields["nationalId"] = person.NationalID
	line := r.line(step, "person.registered")
	line["person"] = fields
	if err := copyDate(line, step, "effective"); err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, "/v1/persons", line)
	if err != nil {
		return answer, err
	}
	alias, err := step.With.Text("person")
	if err != nil {
		return answer, err
	}
	r.remember(step, answer, thing{Path: "/v1/persons/" + made(answer, "id"), Record: made(answer, "record")}, alias)
	return answer, nil
}

func (r *run) personDeregister(ctx context.Context, step Step) (client.Answer, error) {
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	line := r.line(step, "person.deregistered")
	line["nationalId"] = person.NationalID
	if err := decision(line, step); err != nil {
		return client.Answer{}, err
	}
	return r.post(ctx, step, "/v1/persons", line)
}

// personCorrect says that the day of an earlier decision was another one.
func (r *run) personCorrect(ctx context.Context, step Step) (client.Answer, error) {
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	line := r.line(step, "person.corrected")
	line["nationalId"] = person.NationalID
	if err := copyText(line, step.With, "event"); err != nil {
		return client.Answer{}, err
	}
	if err := decision(line, step); err != nil {
		return client.Answer{}, err
	}
	return r.post(ctx, step, "/v1/persons", line)
}

// person is the alias that the step names.
func (r *run) person(w Args) (Person, error) {
	alias, err := w.Text("person")
	if err != nil {
		return Person{}, err
	}
	person, ok := r.file.Persons[alias]
	if !ok {
		return person, w.Refuse("person", "the file has no person %q", alias)
	}
	return person, nil
}
