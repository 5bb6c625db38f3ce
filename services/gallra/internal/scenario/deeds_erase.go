package scenario

import (
	"context"

	"gallra.se/services/gallra/internal/client"
)

// recordErase orders that a record, a case or all that is a person's be erased before its time. Each is named by the id that it
// goes by, as for a hold.
func (r *run) recordErase(ctx context.Context, step Step) (client.Answer, error) {
	asked := map[string]string{}
	ground, err := step.With.Text("ground")
	if err != nil {
		return client.Answer{}, err
	}
	if ground != "" {
		asked["ground"] = ground
	}
	for _, scope := range []string{"record", "case", "person"} {
		ref, err := step.With.Text(scope)
		if err != nil {
			return client.Answer{}, err
		}
		if ref == "" {
			continue
		}
		target, err := r.named(ref)
		if err != nil {
			return client.Answer{}, step.With.Refuse(scope, "%s", err.Error())
		}
		if asked[scope] = target.Record; scope != "record" {
			asked[scope] = target.id()
		}
	}
	return r.post(ctx, step, "/v1/erasures", asked)
}
