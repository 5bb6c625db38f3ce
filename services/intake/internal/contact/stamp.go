package contact

import (
	"gallra.se/libs/access"
	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
)

// Stamp is what every record says of why it may exist: whose it is (AFC-01, AFG-03), from whom it comes (AFG-13,
// KSC-19), the laws in force on its day (AFC-04, AFC-05, AFC-18, KSC-05) and what it may be used for (AFG-06).
type Stamp struct {
	Controller string   `json:"controller"`
	Source     string   `json:"source"`
	LegalBasis []string `json:"legalBasis"`
	Purposes   []string `json:"purposes"`
}

// Subject is the source of what the person says about herself.
const Subject = "subject"

// StampOf makes the stamp of a record of a category. laws are those that its channel rests on; where it names none, the
// authority's own for all that it does count.
func StampOf(pack *policy.Pack, category, source string, laws []string, day calendar.Date) Stamp {
	if len(laws) == 0 {
		laws = pack.Laws(day)
	}
	return Stamp{Controller: pack.Authority, Source: source, LegalBasis: laws, Purposes: access.Purposes(pack, category)}
}
