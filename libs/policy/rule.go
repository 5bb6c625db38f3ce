package policy

import (
	"fmt"
	"time"

	"gallra.se/libs/calendar"
)

// Trigger is the kind of moment from which a period is counted.
type Trigger string

const (
	ContactEnded Trigger = "contact-ended"
	MailReceived Trigger = "mail-received"
	Deregistered Trigger = "deregistered"
	CaseClosed   Trigger = "case-closed"
	Separation   Trigger = "separation" // from the operative store, into statistics
)

// UnmarshalText refuses a trigger that nobody pulls.
func (t *Trigger) UnmarshalText(text []byte) error {
	switch read := Trigger(text); read {
	case ContactEnded, MailReceived, Deregistered, CaseClosed, Separation:
		*t = read
		return nil
	default:
		return fmt.Errorf("unknown trigger %q", text)
	}
}

// Rule is one sentence of the notice for one category, in one version.
type Rule struct {
	ID            string // names the requirement it keeps; the name in receipts and on the board
	Requirement   string
	Title         Title
	LegalSource   string
	DisposalBasis string
	Category      string
	Trigger       Trigger
	Period        calendar.Period
	Mode          calendar.Mode
	ValidFrom     calendar.Date // first civil date of this version
	Assumed       bool          // the notice gives no number; this one is the authority's own
	AwaitReceipts []string      // whose receipts a disposal waits for before keys are destroyed

	zone *time.Location
}

// Title is the rule in a few words, in the two languages of the console.
type Title struct{ En, Sv string }

// GoneFrom is the civil date from whose 00:00 a record whose trigger fell on d0 is gone.
func (r Rule) GoneFrom(d0 calendar.Date) calendar.Date {
	return calendar.GoneFrom(d0, r.Period, r.Mode)
}

// DueAt is the instant of GoneFrom, in UTC.
func (r Rule) DueAt(d0 calendar.Date) time.Time { return calendar.Midnight(r.GoneFrom(d0), r.zone) }
