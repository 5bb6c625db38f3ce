package scenario

import (
	"context"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"gallra.se/libs/calendar"
	"gallra.se/services/gallra/internal/amendment"
	"gallra.se/services/gallra/internal/client"
)

// original is the word for the policy version before any change.
const original = "original"

// policyChange writes a new version of a rule into the pack that is in force, has its effects counted and puts it into
// force. The version bears the step's ref as its name.
func (r *run) policyChange(ctx context.Context, step Step) (client.Answer, error) {
	amended, err := amendmentOf(step)
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	now, err := caller.Policy(ctx, step.Authority)
	if err != nil {
		return client.Answer{}, fmt.Errorf("ask for the policy: %w", err)
	}
	files, err := amendment.Write(now.Files, amended)
	if err != nil {
		return client.Answer{}, step.With.Refuse("rule", "%s", err.Error())
	}
	answer, err := r.post(ctx, step, "/v1/policy/plan", map[string]any{"files": files})
	if err != nil || !answer.OK() {
		return answer, err
	}
	answer, err = r.post(ctx, step, "/v1/policy/activate", map[string]any{"files": files, "plan": made(answer, "hash")})
	if err == nil && answer.OK() {
		r.versions[step.Ref] = amended.Name
	}
	return answer, err
}

func amendmentOf(step Step) (amendment.Amendment, error) {
	a := amendment.Amendment{Name: step.Ref}
	if a.Name == "" {
		return a, step.With.Refuse("rule", "policy.change needs a ref: it is the name of the policy version")
	}
	effective := ""
	for key, to := range map[string]*string{"rule": &a.Rule, "period": &a.Period, "effective": &effective} {
		text, err := step.With.Text(key)
		if err != nil {
			return a, err
		}
		*to = text
	}
	day, err := CivilDate(effective, zoneOf(step.Authority))
	if err != nil {
		return a, step.With.Refuse("effective", "%s", err.Error())
	}
	a.From, err = calendar.ParseDate(day)
	return a, err
}

// originalVersion is the first of the authority's policy versions.
func (r *run) originalVersion(ctx context.Context, authority string) (string, error) {
	caller, err := r.bench.As(authority, "records-manager", recordsManager.Roles, false)
	if err != nil {
		return "", err
	}
	now, err := caller.Policy(ctx, authority)
	if err != nil {
		return "", fmt.Errorf("ask for the policy: %w", err)
	}
	var pack struct {
		PolicyVersions []struct{ Version string } `yaml:"policyVersions"`
	}
	for name, text := range now.Files {
		if err := yaml.Unmarshal([]byte(text), &pack); err != nil {
			return "", fmt.Errorf("read %s: %w", name, err)
		}
	}
	if len(pack.PolicyVersions) == 0 {
		return "", errors.New("the policy names no versions")
	}
	return pack.PolicyVersions[0].Version, nil
}
