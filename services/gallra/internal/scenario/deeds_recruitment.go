package scenario

import (
	"context"

	"gallra.se/services/gallra/internal/client"
)

// recruitmentApply hands an application in: the paper is a record of its own, and its ref.
func (r *run) recruitmentApply(ctx context.Context, step Step) (client.Answer, error) {
	_, known, err := r.caseRef(step)
	if err != nil {
		return client.Answer{}, err
	}
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	asked := map[string]any{"person": map[string]string{"nationalId": person.NationalID, "name": person.Name}}
	if err := copyText(asked, step.With, "kind"); err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, known.Path+"/persons", asked)
	if err != nil {
		return answer, err
	}
	r.remember(step, answer, paperOf(answer))
	return answer, nil
}

// recruitmentTest hands a paper in: the result of a test, or another kind.
func (r *run) recruitmentTest(ctx context.Context, step Step) (client.Answer, error) {
	_, known, asked, err := r.applicant(step)
	if err != nil {
		return client.Answer{}, err
	}
	if err := copyText(asked, step.With, "kind"); err != nil {
		return client.Answer{}, err
	}
	text := "text"
	if asked["kind"] == "test-result" {
		text = "result"
	}
	if step.With.Has("result") {
		if asked[text], err = step.With.Text("result"); err != nil {
			return client.Answer{}, err
		}
	}
	if err := copyText(asked, step.With, "processor"); err != nil {
		return client.Answer{}, err
	}
	if err := copyDate(asked, step, "takenAt"); err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, known.Path+"/papers", asked)
	if err != nil {
		return answer, err
	}
	r.remember(step, answer, paperOf(answer))
	return answer, nil
}

// recruitmentReuse copies the result of a test into a recruitment that the person has applied in.
func (r *run) recruitmentReuse(ctx context.Context, step Step) (client.Answer, error) {
	_, known, asked, err := r.applicant(step)
	if err != nil {
		return client.Answer{}, err
	}
	ref, err := step.With.Text("test")
	if err != nil {
		return client.Answer{}, err
	}
	test, err := r.named(ref)
	if err != nil {
		return client.Answer{}, step.With.Refuse("test", "%s", err.Error())
	}
	answer, err := r.post(ctx, step, known.Path+"/papers/"+test.id()+"/reuse", asked)
	if err != nil {
		return answer, err
	}
	r.remember(step, answer, paperOf(answer))
	return answer, nil
}

// recruitmentTransfer asks that papers of a kind go to a processor.
func (r *run) recruitmentTransfer(ctx context.Context, step Step) (client.Answer, error) {
	_, known, asked, err := r.applicant(step)
	if err != nil {
		return client.Answer{}, err
	}
	for _, key := range words("processor kind") {
		if err := copyText(asked, step.With, key); err != nil {
			return client.Answer{}, err
		}
	}
	return r.post(ctx, step, known.Path+"/transfers", asked)
}

// applicant begins a request about an applicant of a recruitment.
func (r *run) applicant(step Step) (ref string, known thing, asked map[string]any, err error) {
	if ref, known, err = r.caseRef(step); err != nil {
		return "", known, nil, err
	}
	person, err := r.person(step.With)
	return ref, known, map[string]any{"person": map[string]string{"nationalId": person.NationalID}}, err
}

func paperOf(answer client.Answer) thing {
	id := made(answer, "id")
	return thing{Path: "/v1/notes/" + id, Record: id}
}
