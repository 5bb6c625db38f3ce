package scenario

import (
	"context"
	"fmt"
	"net/http"

	"gallra.se/services/gallra/internal/client"
)

// consentsTo says that a later step gives consent to what a step records: the person gave it with the form itself, so the
// line bears it.
func (r *run) consentsTo(step Step) bool {
	for _, later := range r.file.Steps {
		if later.Do != "consent.give" {
			continue
		}
		if record, err := later.With.Text("record"); err == nil && step.Ref != "" && record == step.Ref {
			return true
		}
	}
	return false
}

// consentGive looks that the record was kept with the consent that came with it, and names it.
func (r *run) consentGive(ctx context.Context, step Step) (client.Answer, error) {
	record, err := r.consented(step, "record")
	if err != nil {
		return client.Answer{}, err
	}
	reader, err := r.reader(step.Authority)
	if err != nil {
		return client.Answer{}, err
	}
	answer, err := reader.Do(ctx, client.Call{Authority: step.Authority, Method: http.MethodGet, Path: record.Path})
	if err != nil || !answer.OK() {
		return answer, err
	}
	var said struct{ Consent bool }
	if err := answer.Into(&said); err != nil {
		return answer, err
	}
	if !said.Consent {
		return answer, step.With.Refuse("record", "it was not kept with a consent")
	}
	r.remember(step, answer, record)
	return answer, nil
}

// consentWithdraw names the consent, or the record that was kept with it.
func (r *run) consentWithdraw(ctx context.Context, step Step) (client.Answer, error) {
	record, err := r.consented(step, "consent", "record")
	if err != nil {
		return client.Answer{}, err
	}
	caller, err := r.caller(step)
	if err != nil {
		return client.Answer{}, err
	}
	return caller.For(caseHandling).Do(ctx, client.Call{Authority: step.Authority, Method: http.MethodDelete, Path: record.Path + "/consent"})
}

// consented is the record that the first argument given names; a consent to a recipient or an employer is about none.
func (r *run) consented(step Step, keys ...string) (thing, error) {
	for _, key := range keys {
		if !step.With.Has(key) {
			continue
		}
		ref, err := step.With.Text(key)
		if err != nil {
			return thing{}, err
		}
		record, err := r.named(ref)
		if err != nil {
			return thing{}, step.With.Refuse(key, "%s", err.Error())
		}
		return record, nil
	}
	return thing{}, fmt.Errorf("%s without a record: %w", step.Do, ErrUnsupported)
}
