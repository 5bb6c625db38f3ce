package policy

import (
	"time"

	"gallra.se/libs/calendar"
)

// Rule is one sentence of the notice for one category, in one version.
type Rule struct {
	ID            string // names the requirement it keeps; the name in receipts and on the board
	Requirement   string
	Also          []string // further requirements that it keeps
	Title         Title
	LegalSource   string // in English; Source has both languages
	Source        Title
	DisposalBasis string
	Category      string
	CaseTypes     []string // that it holds for; empty: every type that no rule of the same limit names
	Trigger       Trigger
	Effect        Effect
	Stated        bool // false: no period, because the notice gives none; Reason says so
	Period        calendar.Period
	Mode          calendar.Mode
	ValidFrom     calendar.Date // first civil date of this version
	ValidUntil    calendar.Date // last civil date of this version; zero: no other has followed
	PolicyVersion string        // of the pack that brought this version of the rule
	Floor         bool          // nobody may delete earlier either (AFG-42)
	Absolute      bool          // no hold passes it (KSC-14)
	Assumed       bool          // the notice gives no number; this one is the authority's own
	Reason        string        // of a silence or an assumption, in English; Why has both languages
	Why           Title
	Exceptions    []string // codes of what may keep it longer, as open-case or hold
	AwaitReceipts []string // whose receipts a disposal waits for before keys are destroyed

	zone *time.Location
}

// Title is a text in the two languages of the console.
type Title struct{ En, Sv string }

// Limit is the clock that the rule sets.
func (r Rule) Limit() Limit {
	if r.Mode == calendar.Ceiling {
		return CeilingLimit
	}
	return NormalLimit
}

// GoneFrom is the civil date from whose 00:00 a record whose trigger fell on d0 is gone.
func (r Rule) GoneFrom(d0 calendar.Date) calendar.Date {
	return calendar.GoneFrom(d0, r.Period, r.Mode)
}

// DueAt is the instant of GoneFrom, in UTC.
func (r Rule) DueAt(d0 calendar.Date) time.Time { return calendar.Midnight(r.GoneFrom(d0), r.zone) }
