package scenario

import (
	"context"
	"fmt"

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
		number, err := r.numberOf(step.With, "persons", alias)
		if err != nil {
			return client.Answer{}, err
		}
		numbers = append(numbers, number)
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
	r.remember(step, answer, thing{Path: "/v1/cases/" + made(answer, "id"), Record: made(answer, "record"), CaseNumber: number, Persons: len(numbers)})
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

// caseReopen takes a closing back, from a day on.
func (r *run) caseReopen(ctx context.Context, step Step) (client.Answer, error) {
	_, known, err := r.caseRef(step)
	if err != nil {
		return client.Answer{}, err
	}
	line := r.line(step, "case.reopened")
	line["case"] = known.CaseNumber
	if err := decision(line, step); err != nil {
		return client.Answer{}, err
	}
	return r.post(ctx, step, "/v1/cases", line)
}

// caseAdopt takes a record of another case into one that is open. It stays the same record.
func (r *run) caseAdopt(ctx context.Context, step Step) (client.Answer, error) {
	record, err := r.recordRef(step)
	if err != nil {
		return client.Answer{}, err
	}
	into, err := step.With.Text("into")
	if err != nil {
		return client.Answer{}, err
	}
	known, err := r.named(into)
	if err != nil || known.CaseNumber == "" {
		return client.Answer{}, step.With.Refuse("into", "no step before this one opened a case %q", into)
	}
	asked := map[string]any{"record": record.Record}
	if err := copyText(asked, step.With, "reason"); err != nil {
		return client.Answer{}, err
	}
	return r.post(ctx, step, known.Path+"/adopt", asked)
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
