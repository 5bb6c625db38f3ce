package scenario

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"gallra.se/services/gallra/internal/client"
)

// held is what a hold is on, and why.
type held struct{ scope, target, reason string }

func (r *run) holdPlace(ctx context.Context, step Step) (client.Answer, error) {
	what, err := r.heldBy(step)
	if err != nil {
		return client.Answer{}, err
	}
	asked := client.HoldRequest{Scope: what.scope, Target: what.target, Reason: what.reason}
	if asked.ReviewAt, err = reviewAt(step); err != nil {
		return client.Answer{}, err
	}
	answer, err := r.post(ctx, step, "/v1/holds", asked)
	if err == nil && answer.OK() {
		r.holds[what] = made(answer, "id")
	}
	return answer, err
}

// reviewAt is a date as written, or a moment.
func reviewAt(step Step) (string, error) {
	text, err := step.With.Text("reviewAt")
	if err != nil || text == "" {
		return "", err
	}
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return text, nil
	}
	at, err := Moment(text, zoneOf(step.Authority))
	if err != nil {
		return "", step.With.Refuse("reviewAt", "%s", err.Error())
	}
	return at.Format(time.RFC3339), nil
}

func (r *run) holdRelease(ctx context.Context, step Step) (client.Answer, error) {
	what, err := r.heldBy(step)
	if err != nil {
		return client.Answer{}, err
	}
	id, ok := r.placed(what)
	if !ok {
		return client.Answer{}, step.With.Refuse("target", "no step before this one placed that hold")
	}
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.Do(ctx, client.Call{Authority: step.Authority, Method: http.MethodDelete, Path: "/v1/holds/" + url.PathEscape(id)})
}

// placed finds a hold; where the author gives no reason, there must be one only.
func (r *run) placed(what held) (id string, ok bool) {
	if what.reason != "" {
		id, ok = r.holds[what]
		return id, ok
	}
	n := 0
	for one, hold := range r.holds {
		if one.scope == what.scope && one.target == what.target {
			id, n = hold, n+1
		}
	}
	return id, n == 1
}

// heldBy names the target by the id that the scope goes by: a record by its own, a case and a person by theirs.
func (r *run) heldBy(step Step) (held, error) {
	var what held
	for key, to := range map[string]*string{"scope": &what.scope, "target": &what.target, "reason": &what.reason} {
		text, err := step.With.Text(key)
		if err != nil {
			return what, err
		}
		*to = text
	}
	target, err := r.named(what.target)
	if err != nil {
		return what, step.With.Refuse("target", "%s", err.Error())
	}
	if what.target = target.Record; what.scope != "record" {
		what.target = target.id()
	}
	return what, nil
}
