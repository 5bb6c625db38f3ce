package reference

// mode says what the words of a notice mean at the end of a period.
type mode int

const (
	exact   mode = iota // "kept for N": through the whole last day
	ceiling             // "at the latest", "at most": gone on the anniversary
	weekly              // "continuously": gone on the first Monday after the last day
)

// period has months or days; "0 days" is a period.
type period struct{ months, days int }

// promise is one sentence of a notice.
type promise struct {
	requirement string
	period      period
	mode        mode
}

// goneFrom is the first day on which nobody has it any more.
func (p promise) goneFrom(d0 date) date {
	e := d0.plusMonths(p.period.months).plusDays(p.period.days)
	switch p.mode {
	case exact:
		return e.plusDays(1)
	case weekly:
		return e.firstMondayAfter()
	}
	return e
}

// authority is one controller's notice, in numbers. What has no entry is kept without an end that the notice knows of.
type authority struct {
	name     string
	zone     zone
	contacts map[string]promise // by category: contact ended, mail received, group ended
	cases    []caseTypes
	identity promise // counted from the deregistration; empty: the notice is silent
	// extended is what a single recording's keeping can be prolonged to, counted from the call.
	extended promise
}

// caseTypes is what the notice promises about the records of cases of some types.
type caseTypes struct {
	types      []string
	closed     promise // counted from the closing decision; empty: the notice is silent
	person     promise // counted from the deregistration, where that ends a closed case's records too
	drafts     promise // working material, counted from the closing
	preserved  bool    // documents have no end (STH-05, STH-18)
	statutory  bool    // 31 December of the third year after the closing bounds everything (L-01)
	recruiting bool
}

var (
	twentySixMonths = promise{"AFC-13", period{months: 26}, exact}
	threeYears      = promise{"AFG-53", period{months: 36}, ceiling}
)

// consented is what is kept with a consent, until that is withdrawn.
const consented = "contact.feedback"

// authorities are the four notices.
var authorities = []authority{
	{
		name: "arbetsformedlingen", zone: stockholm,
		contacts: map[string]promise{
			"contact.phone-log":  {"AFC-10", period{months: 15}, exact},
			"contact.chat":       {"AFC-21", period{days: 29}, exact},
			"contact.mail-event": {"AFG-31", period{months: 15}, exact}, // assumed
			"contact.survey":     {"AFG-34", period{months: 12}, exact}, // assumed
			"request.bare":       {"AFG-58", period{months: 24}, exact}, // assumed
		},
		cases: []caseTypes{
			{types: []string{"job-seeking", "programme", "benefit", "control"}, closed: threeYears, person: twentySixMonths, statutory: true},
			{types: []string{"recruitment"}, closed: promise{"AFG-42", period{months: 24}, exact}, recruiting: true},
			{types: []string{"supplier", "finance"}},
		},
		identity: twentySixMonths,
	},
	{
		name: "te-customer-service", zone: helsinki,
		contacts: map[string]promise{
			"contact.recording": {"KSC-13", period{months: 6}, exact},
			"contact.chat":      {"KSC-17", period{days: 180}, exact},
			"contact.email":     {"KSC-17", period{days: 180}, exact},
			"contact.econtact":  {"KSC-04", period{days: 180}, exact},  // assumed
			"request.bare":      {"KSC-27", period{months: 24}, exact}, // assumed
			"group.participant": {"KSC-18", period{months: 12}, exact},
		},
		extended: promise{"KSC-14", period{months: 12}, ceiling},
	},
	{
		name: "te-services", zone: helsinki, // TES-16: no period of its own; the register's own period is not stated
		contacts: map[string]promise{"request.bare": {"TES-02", period{months: 24}, exact}}, // assumed
		cases:    []caseTypes{{types: []string{"job-seeking"}}},
	},
	{
		name: "stockholm-labour-market-board", zone: stockholm,
		contacts: map[string]promise{
			consented:      {"STH-11", period{days: 0}, ceiling},  // nothing runs until the consent is withdrawn
			"request.bare": {"STH-22", period{months: 24}, exact}, // assumed
		},
		identity: promise{"STH-17", period{days: 0}, exact},
		cases: []caseTypes{{
			types:     []string{"service"},
			closed:    promise{"STH-17", period{days: 0}, exact}, // a little longer is a number: none
			drafts:    promise{"STH-19", period{days: 0}, weekly},
			preserved: true,
		}},
	},
}

func (a authority) caseType(name string) caseTypes {
	for _, c := range a.cases {
		for _, t := range c.types {
			if t == name {
				return c
			}
		}
	}
	return caseTypes{}
}

// amendment is a later version of one sentence: it holds from its first day and never prolongs what was collected before.
type amendment struct {
	n           int // its place among all that was decided
	version     string
	requirement string
	period      period
	from        date
}

// policy is the notice with its versions, oldest amendment first.
type policy struct {
	authority
	original   string // the name of the version before any amendment
	amendments []amendment
}

// goneFrom: of the versions since the collection the shortest counts; a later one acts from its first day.
func (p policy) goneFrom(sentence promise, d0, collectedOn date) (gone date, shortenedBy string) {
	then := sentence
	for _, a := range p.amendments {
		if a.requirement == sentence.requirement && !collectedOn.before(a.from) {
			then.period = a.period
		}
	}
	gone = then.goneFrom(d0)
	for _, a := range p.amendments {
		if a.requirement != sentence.requirement || !collectedOn.before(a.from) {
			continue
		}
		later := promise{sentence.requirement, a.period, sentence.mode}.goneFrom(d0)
		if later.before(a.from) {
			later = a.from
		}
		if later.before(gone) {
			gone, shortenedBy = later, a.version
		}
	}
	return gone, shortenedBy
}

// versionOn is the version of the whole notice that holds on a day.
func (p policy) versionOn(d date) string {
	version := p.original
	for _, a := range p.amendments {
		if !d.before(a.from) {
			version = a.version
		}
	}
	return version
}
