package casework

import (
	"context"

	"gallra.se/libs/nationalid"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/case-linker/internal/line"
	"gallra.se/services/case-linker/internal/store"
)

// aboutOrganisation says whether cases of a type are about an employer or supplier: they hold who represents it, and
// nobody's job-seeking (AFG-20).
func aboutOrganisation(p *policy.Pack, caseType string) (requirement string, yes bool) {
	t, ok := p.CaseType(caseType)
	return t.Requirement, ok && t.Persons == line.Representatives
}

func kindIn(p *policy.Pack, caseType string) string {
	if _, organisation := aboutOrganisation(p, caseType); organisation {
		return store.Representative
	}
	return store.Applicant
}

// noJobSeeker refuses somebody registered as a job-seeker in a case about an organisation (AFG-20).
func (d *Desk) noJobSeeker(ctx context.Context, p *policy.Pack, caseType string, id nationalid.ID) error {
	requirement, organisation := aboutOrganisation(p, caseType)
	if !organisation {
		return nil
	}
	_, _, err := d.personOf(ctx, p, id)
	switch {
	case is(err, "unknown-person"):
		return nil
	case err == nil:
		return problem.ByRule("denied", requirement)
	}
	return err
}
