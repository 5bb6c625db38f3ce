// Package decision says which fields a recipient gets. It is pure: a request and the policy's list go in, a decision
// with the requirement it rests on comes out. It does not know the person, and the answer never depends on whether
// there is one.
package decision

import (
	"slices"

	"gallra.se/libs/policy"
)

// Request is what a recipient asks for, without the person.
type Request struct {
	Recipient string
	Mode      string   // direct or medium
	Fields    []string // names asked for
	LawRef    string   // the law that obliges us, where the recipient is not listed
}

// Decision is the answer. Rule is the requirement that it cites, also when fields are released.
type Decision struct {
	Released []string // in the order of the policy's list
	Withheld []string // asked for and not on the list, in the order asked
	Rule     string
}

// Granted says whether anything is released.
func (d Decision) Granted() bool { return len(d.Released) > 0 }

// RuleMode is the requirement that a recipient gets data only in the ways that the ordinance names (SFS 2002:623).
const RuleMode = "L-11"

// Decide releases what is both on the recipient's list and asked for, and withholds the rest (AFG-47). A recipient
// that is not listed gets nothing: disclosure by a duty in another law (AFG-48) needs a decision by a human, with or
// without its reference.
func Decide(p *policy.Pack, r Request) Decision {
	listed, ok := p.Recipient(r.Recipient)
	if !ok {
		return Decision{Withheld: unique(r.Fields), Rule: unlisted(p.Authority, r)}
	}
	if !slices.Contains(listed.Modes, r.Mode) {
		return Decision{Withheld: unique(r.Fields), Rule: RuleMode}
	}
	d := Decision{Rule: listed.Requirement}
	for _, name := range listed.Fields {
		if slices.Contains(r.Fields, name) {
			d.Released = append(d.Released, name)
		}
	}
	for _, name := range unique(r.Fields) {
		if !slices.Contains(listed.Fields, name) {
			d.Withheld = append(d.Withheld, name)
		}
	}
	return d
}

func unique(names []string) []string {
	var out []string
	for _, n := range names {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
