// Package access decides who may see or do what with personal data: by role, purpose, assignment, undertaking and
// appointment (DESIGN D13; AFG-06, AFG-10, KSC-24, KSC-25, STH-21, L-05). The rules are Cedar policies in one file, fed with
// what the authority's policy pack says of roles, categories and purposes. It finds nothing, stores nothing and logs nothing.
package access

import (
	_ "embed"
	"slices"

	"github.com/cedar-policy/cedar-go"

	"gallra.se/libs/bearer"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
)

//go:embed policies.cedar
var text []byte

var rules = parsed(text)

func parsed(text []byte) *cedar.PolicySet {
	all, err := cedar.NewPolicyListFromBytes("policies.cedar", text)
	if err != nil {
		panic("access policies: " + err.Error())
	}
	set := cedar.NewPolicySet()
	for _, p := range all {
		set.Add(cedar.PolicyID(p.Annotations()["id"]), p)
	}
	return set
}

// Packs knows every authority's promises.
type Packs interface {
	Pack(authority string) (*policy.Pack, bool)
}

// Decider decides by the packs.
type Decider struct{ Packs Packs }

// Decide returns nil where the caller may. Otherwise it is a problem: "not-found" for a protected person and somebody who is
// not appointed, which is the answer for who does not exist; else "forbidden" with the requirement that forbids.
func (d Decider) Decide(c bearer.Claims, q Question) error {
	pack, ok := d.Packs.Pack(c.Authority)
	if !ok {
		return problem.New("forbidden")
	}
	return decide(rules, c, q, pack)
}

func decide(rules cedar.PolicyIterator, c bearer.Claims, q Question, pack *policy.Pack) error {
	s := pack.Access()
	decision, found := cedar.Authorize(rules, entities(c, q, s), request(c, q, pack, s))
	if decision == cedar.Allow && len(found.Errors) == 0 {
		return nil
	}
	fired := map[string]bool{}
	for _, r := range found.Reasons {
		fired[string(r.PolicyID)] = true
	}
	switch {
	case fired["protected"]:
		return problem.New("not-found")
	case decision == cedar.Allow: // a policy could not be evaluated
		return problem.New("forbidden")
	}
	for _, id := range []string{"world", "undertaking", "training", "purpose", "assignment"} {
		if fired[id] {
			return problem.ByRule("forbidden", requirement(id, q, pack, s))
		}
	}
	return problem.ByRule("forbidden", RoleRequirement)
}

// RoleRequirement is what a role that is not enough cites.
const RoleRequirement = "L-05"

// purposeRequirement is cited where a category has none of its own.
const purposeRequirement = "AFG-06"

func requirement(id string, q Question, pack *policy.Pack, s policy.Access) string {
	switch id {
	case "undertaking":
		return s.UndertakingRequirement
	case "training":
		return s.TrainingRequirement
	case "assignment":
		return s.AssignmentRequirement
	case "purpose":
		if c, ok := pack.Category(q.Category); ok && c.PurposeRequirement != "" {
			return c.PurposeRequirement
		}
		return purposeRequirement
	}
	return ""
}

var (
	principal = cedar.NewEntityUID("Caller", "caller")
	resource  = cedar.NewEntityUID("Record", "record")
)

func entities(c bearer.Claims, q Question, s policy.Access) cedar.EntityMap {
	return cedar.EntityMap{
		principal: {UID: principal, Attributes: cedar.NewRecord(cedar.RecordMap{
			"authority":   cedar.String(c.Authority),
			"roles":       set(c.Roles),
			"appointed":   cedar.Boolean(c.Appointed),
			"undertaking": cedar.Boolean(c.Undertaking),
			"trained":     cedar.Boolean(c.Trained),
		})},
		resource: {UID: resource, Attributes: cedar.NewRecord(cedar.RecordMap{
			"authority":          cedar.String(c.Authority),
			"protected":          cedar.Boolean(q.Protected),
			"assigned":           cedar.Boolean(q.Assigned),
			"assignmentRequired": cedar.Boolean(s.Assignment == "required" && q.CaseType != ""),
		})},
	}
}

func request(c bearer.Claims, q Question, pack *policy.Pack, s policy.Access) cedar.Request {
	return cedar.Request{
		Principal: principal, Resource: resource, Action: cedar.NewEntityUID("Action", cedar.String(q.Action)),
		Context: cedar.NewRecord(cedar.RecordMap{
			"granted":  set(granted(s, q)),
			"purpose":  cedar.String(q.Purpose),
			"purposes": set(Purposes(pack, q.Category)),
		}),
	}
}

// granted are the roles that the pack lets at such a record for such a purpose.
func granted(s policy.Access, q Question) (roles []string) {
	for _, r := range s.Roles {
		if slices.Contains(r.Categories, q.Category) && slices.Contains(r.Purposes, q.Purpose) &&
			(q.CaseType == "" || slices.Contains(r.CaseTypes, q.CaseType)) {
			roles = append(roles, r.Role)
		}
	}
	return roles
}

// Purposes are those for which records of a category may be read: the category's own, else all of the pack.
func Purposes(pack *policy.Pack, category string) []string {
	if c, ok := pack.Category(category); ok && len(c.Purposes) > 0 {
		return c.Purposes
	}
	all := pack.Access().Purposes
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	return names
}

func set(names []string) cedar.Set {
	values := make([]cedar.Value, len(names))
	for i, name := range names {
		values[i] = cedar.String(name)
	}
	return cedar.NewSet(values...)
}
