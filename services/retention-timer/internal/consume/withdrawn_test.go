package consume_test

import (
	"testing"

	"gallra.se/events"
	"gallra.se/services/retention-timer/internal/testbed"
)

// STH-11
func TestContactDataOfFeedbackWaitForTheirConsentToBeWithdrawn(t *testing.T) {
	t.Parallel()
	b := testbed.NewAt(t, sth)
	b.Now.Set(testbed.At("2025-06-02 12:00"))
	one, other, letter := b.Contact("contact.feedback", "2024-01-31"), b.Contact("contact.feedback", "2024-01-31"), b.Contact("contact.feedback-document", "2024-01-31")
	dueOn(t, b, one, "", "")
	dueOn(t, b, letter, "", "")
	for range 2 { // a second delivery changes nothing
		b.Tell(events.TypeContactWithdrawn, one, events.ContactWithdrawn{Contact: one, Unit: one, WithdrawnOn: "2025-06-02"})
		dueOn(t, b, one, "2025-06-02", "STH-11")
	}
	b.Tell(events.TypeContactWithdrawn, one, events.ContactWithdrawn{Contact: one, Unit: one, WithdrawnOn: "2025-06-01"})
	dueOn(t, b, one, "2025-06-02", "STH-11")
	dueOn(t, b, other, "", "")
	dueOn(t, b, letter, "", "")
}
