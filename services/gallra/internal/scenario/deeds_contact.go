package scenario

import (
	"context"
	"net/http"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// contactRecord hands in a contact line. An identified contact bears the name and number
// of its person.
func (r *run) contactRecord(ctx context.Context, step Step) (client.Answer, error) {
	line, err := r.contactLine(step)
	if err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, "/v1/contacts", line)
	if err != nil {
		return answer, err
	}
	r.remember(step, answer, thing{Path: "/v1/contacts/" + made(answer, "id"), Record: made(answer, "id")})
	if letter := made(answer, "document"); letter != "" && step.Ref != "" {
		r.things[step.Ref+"/document"] = thing{Path: "/v1/contacts/" + letter, Record: letter, Authority: step.Authority}
	}
	return answer, nil
}

func (r *run) contactLine(step Step) (map[string]any, error) {
	line := r.line(step, "contact")
	w := step.With
	fields, err := w.Fields("fields")
	if err != nil {
		return nil, err
	}
	identified, err := w.Bool("identified")
	if err != nil {
		return nil, err
	}
	if w.Has("person") {
		person, err := r.person(w)
		if err != nil {
			return nil, err
		}
		fields["name"], fields["nationalId"] = person.Name, person.NationalID
	}
	line["identified"], line["fields"] = identified, fields
	if r.consentsTo(step) {
		line["consent"] = true
	}
	for _, key := range words("channel line") {
		if err := copyText(line, w, key); err != nil {
			return nil, err
		}
	}
	if err := r.contactTimes(line, step); err != nil {
		return nil, err
	}
	return line, r.noteOf(line, w)
}

// contactTimes gives a contact its end, which is the step's own time where the author
// names none.
func (r *run) contactTimes(line map[string]any, step Step) error {
	line["endedAt"] = step.At.Format(time.RFC3339)
	for _, key := range words("startedAt endedAt") {
		if !step.With.Has(key) {
			continue
		}
		text, err := step.With.Text(key)
		if err != nil {
			return err
		}
		at, err := Moment(text, zoneOf(step.Authority))
		if err != nil {
			return step.With.Refuse(key, "%s", err.Error())
		}
		line[key] = at.Format(time.RFC3339)
	}
	return nil
}

func (r *run) noteOf(line map[string]any, w Args) error {
	if !w.Has("note") {
		return nil
	}
	inner, err := w.Object("note", words("case text relevant"))
	if err != nil {
		return err
	}
	note, err := r.note(inner)
	line["note"] = note
	return err
}

// note reads case, text and relevance; the case may be a ref or a number of its own.
func (r *run) note(w Args) (map[string]any, error) {
	number, err := w.Text("case")
	if err != nil {
		return nil, err
	}
	if known, ok := r.things[number]; ok {
		number = known.CaseNumber
	}
	text, err := w.Text("text")
	if err != nil {
		return nil, err
	}
	relevant, err := w.Bool("relevant")
	return map[string]any{"case": number, "text": text, "relevant": relevant}, err
}

// contactNote adds an officer's note to a contact that was handed in before.
func (r *run) contactNote(ctx context.Context, step Step) (client.Answer, error) {
	ref, err := step.With.Text("contact")
	if err != nil {
		return client.Answer{}, err
	}
	contact, err := r.named(ref)
	if err != nil {
		return client.Answer{}, step.With.Refuse("contact", "%s", err.Error())
	}
	note, err := r.note(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	note["at"] = step.At.Format(time.RFC3339)
	answer, err := r.post(ctx, step, contact.Path+"/note", note)
	if err != nil {
		return answer, err
	}
	id := made(answer, "note")
	r.remember(step, answer, thing{Path: "/v1/notes/" + id, Record: id})
	return answer, nil
}

// post sends a document as the step's actor.
func (r *run) post(ctx context.Context, step Step, path string, document any) (client.Answer, error) {
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.Send(ctx, step.Authority, http.MethodPost, path, document)
}
