package door

import (
	"context"

	"gallra.se/libs/problem"
)

// Outcomes that are no refusal, as Count hears them.
const (
	accepted  = "accepted"
	duplicate = "duplicate"
	abandoned = "abandoned" // the sender was gone before it was known
)

// carry carries out one line.
func (d *Door) carry(ctx context.Context, raw []byte) (o Outcome) {
	if len(raw) > MaxLine {
		o.Err = problem.New("too-large")
	} else {
		o.Answer, o.Duplicate, o.Err = d.Carry(ctx, raw)
	}
	d.note(ctx, o)
	return o
}

// carryAll carries out lines that have arrived together, in their order.
func (d *Door) carryAll(ctx context.Context, lines [][]byte) []Outcome {
	outcomes := make([]Outcome, len(lines))
	if d.CarryMany == nil {
		for i, raw := range lines {
			outcomes[i] = d.carry(ctx, raw)
		}
		return outcomes
	}
	var fit [][]byte
	var places []int
	for i, raw := range lines {
		if len(raw) > MaxLine {
			outcomes[i].Err = problem.New("too-large")
			continue
		}
		fit, places = append(fit, raw), append(places, i)
	}
	carried := d.CarryMany(ctx, fit)
	if len(carried) != len(fit) {
		panic("a door's CarryMany gives an outcome for every line")
	}
	for n, o := range carried {
		outcomes[places[n]] = o
	}
	for _, o := range outcomes {
		d.note(ctx, o)
	}
	return outcomes
}

// note counts an outcome, and logs what is not the sender's fault.
func (d *Door) note(ctx context.Context, o Outcome) {
	outcome := accepted
	switch {
	case o.Err != nil && !problem.Refused(o.Err) && ctx.Err() != nil:
		outcome = abandoned
	case o.Err != nil:
		outcome = problem.From(o.Err).Reason
		if !problem.Refused(o.Err) {
			d.Log.ErrorContext(ctx, "line not carried out", "error", o.Err.Error())
		}
	case o.Duplicate:
		outcome = duplicate
	}
	if d.Count != nil {
		d.Count(outcome)
	}
}
