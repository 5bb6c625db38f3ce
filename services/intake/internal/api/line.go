package api

import (
	"context"

	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/line"
)

// judge decodes and judges a line that came on behalf of an authority. A line of
// an authority that nobody knows is refused as that, whoever sends it.
func (a *API) judge(raw []byte, sender string) (contact.Contact, error) {
	given, err := line.Decode(raw)
	if err != nil {
		return contact.Contact{}, err
	}
	if _, known := a.Rules.Packs.Pack(given.Authority); known && given.Authority != sender {
		return contact.Contact{}, problem.New("forbidden")
	}
	return a.Rules.Judge(given, a.Business.Now())
}

// take judges one line and takes it in.
func (a *API) take(ctx context.Context, raw []byte, sender string) admission.Result {
	c, err := a.judge(raw, sender)
	if err != nil {
		return a.counted(admission.Result{Err: err})
	}
	return a.counted(a.Desk.Submit(ctx, c))
}

func (a *API) counted(r admission.Result) admission.Result {
	outcome := "accepted"
	switch {
	case r.Err != nil:
		outcome = problem.From(r.Err).Reason
	case r.Duplicate:
		outcome = "duplicate"
	}
	a.Lines.WithLabelValues(outcome).Inc()
	return r
}
