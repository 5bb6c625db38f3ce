package campaign

import (
	"time"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// Objection is that somebody will have no mailings, as it came.
type Objection struct {
	Person
	At string `json:"at"`
}

// ReadObjection takes an objection apart, or refuses it: too-large, not-json, unknown-field, invalid-field.
func ReadObjection(raw []byte) (o Objection, err error) {
	if len(raw) > strict.MaxLine {
		return o, problem.New("too-large")
	}
	var b struct {
		NationalID string `json:"nationalId"`
		Email      string `json:"email"`
		At         string `json:"at"`
	}
	err = strict.Decode(raw, &b)
	return Objection{Person{b.NationalID, b.Email}, b.At}, err
}

// Judge returns what the objection is kept by. It names a number or an address: it holds for mailings that know their
// receiver by it, and whoever has both objects with each.
func (o Objection) Judge(pack *policy.Pack, now time.Time, simulated bool) (mark []byte, err error) {
	if _, ok := pack.Campaign(); !ok {
		return nil, problem.New("unknown-channel")
	}
	if o.NationalID != "" && o.Email != "" {
		return nil, problem.OnField("invalid-field", "email")
	}
	known, err := o.Known(pack, pack.Today(now), simulated)
	if err != nil {
		return nil, err
	}
	return known.Marks()[0], nil
}
