package behalf

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"gallra.se/libs/problem"
)

// recipientName is how recipients are called: SE-FK, FI-KELA.
var recipientName = regexp.MustCompile(`^[A-Z]{2}-[A-Z0-9-]{1,30}$`)

// Protection is what is decided about a protected person.
type Protection struct {
	Person string              `json:"person"`
	Level  string              `json:"level"`
	Since  time.Time           `json:"since"`
	Plans  map[string][]string `json:"plans"` // fields, by recipient
}

// Protection reads what is decided about somebody.
func (v Voice) Protection(ctx context.Context, person string) (Protection, error) {
	return about[Protection](ctx, v, "/v1/protections/", person, "")
}

// Mark marks somebody as protected and says who it is.
func (v Voice) Mark(ctx context.Context, nationalID, level string) (person string, err error) {
	var said struct{ Person string }
	err = v.call(ctx, http.MethodPost, "/v1/protections", map[string]string{"nationalId": nationalID, "level": level}, &said)
	return said.Person, err
}

// Lift takes a mark away.
func (v Voice) Lift(ctx context.Context, person string) error {
	person, err := opaque(person)
	if err != nil {
		return err
	}
	return v.call(ctx, http.MethodDelete, "/v1/protections/"+person, nil, nil)
}

// Plan sets which fields a recipient may be told of a protected person; none takes the plan away.
func (v Voice) Plan(ctx context.Context, person, recipient string, fields []string) error {
	person, err := opaque(person)
	if err != nil {
		return err
	}
	if !recipientName.MatchString(recipient) {
		return problem.OnField("invalid-field", "recipient")
	}
	if fields == nil {
		fields = []string{}
	}
	return v.call(ctx, http.MethodPut, "/v1/protections/"+person+"/plans/"+recipient, map[string]any{"fields": fields}, nil)
}
