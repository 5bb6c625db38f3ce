// Package leaf says what the log keeps of an event: pure functions from a
// payload to leaves. Nothing of a person comes through: the opaque person id of
// a disclosure stays behind.
package leaf

import (
	"time"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/services/ledger/receipt"
)

// unstated stands where an event does not name its policy version.
const unstated = "unstated"

// OfDisposal is one leaf for each record that was destroyed, in the event's
// order: all records of a unit follow each other.
func OfDisposal(authority string, e events.RecordDisposed) []receipt.Leaf {
	var leaves []receipt.Leaf
	for _, unit := range e.Units {
		for _, record := range unit.Records {
			leaves = append(leaves, receipt.Leaf{
				Kind: receipt.Disposed, Record: record.Record.String(), Authority: authority,
				Category: record.Category, Rule: unit.Rule, Trigger: unit.Trigger,
				DueOn: unit.DueOn, DueAt: instant(unit.DueAt),
				RemovedAt: instant(e.RemovedAt), UnrecoverableAt: instant(e.UnrecoverableAt),
				Policy: stated(unit.PolicyVersion), Commitment: record.Commitment,
			})
		}
	}
	return leaves
}

// OfDelivery is the leaf of a disclosure that its recipient has acknowledged.
func OfDelivery(authority, policyVersion string, at time.Time, e events.DisclosureDelivered) receipt.Leaf {
	return receipt.Leaf{
		Kind: receipt.Delivered, Record: e.Disclosure.String(), Authority: authority,
		Recipient: e.Recipient, Fields: e.Fields, Decision: e.Decision, Rule: e.Rule,
		Policy: stated(policyVersion), DeliveredAt: instant(at),
	}
}

// Sealing is what an archive's package says of itself.
type Sealing struct {
	Package       uuid.UUID
	Archive       string // who takes it over
	Records       int64
	Rule          string // the requirement under which it is kept
	PolicyVersion string
	SealedAt      time.Time
	Commitment    []byte // to what is in it, with a salt inside
}

// OfSealing is the leaf of a package that was sealed for the archive: how many
// records, and not which.
func OfSealing(authority string, s Sealing) receipt.Leaf {
	return receipt.Leaf{
		Kind: receipt.Sealed, Record: s.Package.String(), Authority: authority, Archive: s.Archive, Records: s.Records,
		Rule: s.Rule, Policy: stated(s.PolicyVersion), SealedAt: instant(s.SealedAt), Commitment: s.Commitment,
	}
}

// Extract is what an extract says of itself, and not whose it is.
type Extract struct {
	ID            uuid.UUID
	Records       int64
	Rule          string // the requirement that gives the right
	PolicyVersion string
	IssuedAt      time.Time
	Commitment    []byte // to what is in it, with a salt inside
}

// OfExtract is the leaf of an extract that was issued to the person it is about.
func OfExtract(authority string, e Extract) receipt.Leaf {
	return receipt.Leaf{
		Kind: receipt.Extracted, Record: e.ID.String(), Authority: authority, Records: e.Records,
		Rule: e.Rule, Policy: stated(e.PolicyVersion), IssuedAt: instant(e.IssuedAt), Commitment: e.Commitment,
	}
}

func stated(policyVersion string) string {
	if policyVersion == "" {
		return unstated
	}
	return policyVersion
}

func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
