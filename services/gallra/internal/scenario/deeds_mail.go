package scenario

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// caseHandling is the purpose of who writes to a person.
const caseHandling = "case-handling"

// mailSend hands in a mail to a person before it goes out.
func (r *run) mailSend(ctx context.Context, step Step) (client.Answer, error) {
	person, err := r.person(step.With)
	if err != nil {
		return client.Answer{}, err
	}
	mail := map[string]any{"id": fmt.Sprintf("%s/%d", r.file.ID, r.number), "at": step.At.Format(time.RFC3339),
		"person": map[string]any{"nationalId": person.NationalID, "name": person.Name}}
	for _, key := range words("about text") {
		if err := copyText(mail, step.With, key); err != nil {
			return client.Answer{}, err
		}
	}
	if mail["encrypted"], err = step.With.Bool("encrypted"); err != nil {
		return client.Answer{}, err
	}
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	answer, err := caller.For(caseHandling).Send(ctx, step.Authority, http.MethodPost, "/v1/mail", mail)
	if err != nil {
		return answer, err
	}
	r.remember(step, answer, thing{Path: "/v1/contacts/" + made(answer, "id"), Record: made(answer, "id")})
	return answer, nil
}
