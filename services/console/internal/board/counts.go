package board

import "gallra.se/libs/policy"

// counts of a rule come from whoever runs its clock.
func (s Said) counts(pack *policy.Pack, r policy.Rule) Counts {
	if r.Trigger == policy.Separation {
		return s.separated(pack)
	}
	if s.NoRows {
		return Counts{Unknown: true}
	}
	return sum(pack, s.Rows, r.ID)
}

// separated rows cannot be told apart by authority from outside their store; one authority has them.
func (s Said) separated(pack *policy.Pack) Counts {
	if s.Statistics == nil {
		return Counts{Unknown: true}
	}
	c := Counts{Running: s.Statistics.Present, Disposed: s.Statistics.Disposed, Overdue: s.Statistics.Overdue,
		NextDue: civil(pack.Zone, s.Statistics.NextDue)}
	c.NotDated = c.Running > 0 && c.NextDue == ""
	return c
}

func sum(pack *policy.Pack, rows []Row, rule string) Counts {
	var c Counts
	for _, r := range rows {
		if r.Authority != pack.Authority || r.Rule != rule {
			continue
		}
		c.Running += r.Running
		c.Disposed += r.Disposed
		c.Overdue += r.Overdue
		if due := civil(pack.Zone, r.NextDue); due != "" && (c.NextDue == "" || due < c.NextDue) {
			c.NextDue = due
		}
	}
	return c
}
