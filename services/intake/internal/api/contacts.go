package api

import (
	"context"

	"gallra.se/libs/bearer"
	"gallra.se/libs/door"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/admission"
	"gallra.se/services/intake/internal/contact"
	"gallra.se/services/intake/internal/line"
)

// Door lets contact lines in. Those of a stream that have arrived together are
// taken in together.
func (a *API) Door() *door.Door {
	return &door.Door{Carry: a.carry, CarryMany: a.carryMany, Count: door.Counter(a.Lines), Log: a.Log}
}

// judge decodes and judges a line that came on behalf of an authority. A line of
// an authority that nobody knows is refused as that, whoever sends it.
func (a *API) judge(ctx context.Context, raw []byte) (contact.Contact, error) {
	given, err := line.Decode(raw)
	if err != nil {
		return contact.Contact{}, err
	}
	if _, known := a.Rules.Packs.Pack(given.Authority); known && !bearer.BelongsTo(ctx, given.Authority) {
		return contact.Contact{}, problem.New("forbidden")
	}
	c, err := a.Rules.Judge(given, a.Business.Now())
	if err == nil {
		err = a.Mailings.Admits(ctx, c)
	}
	return c, err
}

// carry judges one line and takes it in, with those that others send meanwhile.
func (a *API) carry(ctx context.Context, raw []byte) (any, bool, error) {
	c, err := a.judge(ctx, raw)
	if err != nil {
		return nil, false, err
	}
	results := []admission.Result{a.Desk.Submit(ctx, c)}
	a.letters(ctx, []contact.Contact{c}, results)
	o := outcome(results[0])
	return o.Answer, o.Duplicate, o.Err
}

// carryMany judges lines and takes in what may come in, in one go.
func (a *API) carryMany(ctx context.Context, lines [][]byte) []door.Outcome {
	outcomes := make([]door.Outcome, len(lines))
	var accepted []contact.Contact
	var places []int
	for i, raw := range lines {
		c, err := a.judge(ctx, raw)
		if err != nil {
			outcomes[i].Err = err
			continue
		}
		accepted, places = append(accepted, c), append(places, i)
	}
	results := a.Desk.Admit(ctx, accepted)
	a.letters(ctx, accepted, results)
	for n, result := range results {
		outcomes[places[n]] = outcome(result)
	}
	return outcomes
}

func outcome(r admission.Result) door.Outcome {
	return door.Outcome{Answer: r.Answer, Duplicate: r.Duplicate, Err: r.Err}
}
