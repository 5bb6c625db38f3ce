package plan

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Allowed says what is wrong with putting one pack in another's place on that day. What was promised stays as it was
// written; a version begins after today, so that nothing is over before anybody could know.
func Allowed(from, to *policy.Pack, today calendar.Date) error {
	faults := []error{policy.Follows(from, to)}
	newest := to.Versions[len(to.Versions)-1]
	if !newest.ValidFrom.After(today) {
		faults = append(faults, fmt.Errorf("%s: policy version %s begins on %s: a version begins after today, which is %s",
			to.Authority, newest.Name, newest.ValidFrom, today))
	}
	for _, r := range to.Rules {
		if r.Trigger == policy.Separation && !slices.ContainsFunc(from.Rules, func(o policy.Rule) bool { return samePeriod(o, r) }) {
			faults = append(faults, fmt.Errorf("%s: rule %s is of separated statistics rows, which follow the pack that the system was installed with: "+
				"its period cannot be changed while it runs", to.Authority, r.ID))
		}
	}
	if !reflect.DeepEqual(from.Recipients, to.Recipients) {
		faults = append(faults, fmt.Errorf("%s: recipients follow the pack that the system was installed with: their list cannot be changed while it runs", to.Authority))
	}
	return errors.Join(faults...)
}

func samePeriod(a, b policy.Rule) bool {
	return a.ID == b.ID && a.Category == b.Category && a.Stated == b.Stated && a.Period == b.Period && a.Mode == b.Mode && a.ValidFrom == b.ValidFrom
}
