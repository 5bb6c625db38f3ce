package architecture

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gallra.se/events"
	"gallra.se/libs/policy"
	"gallra.se/services/gallra/internal/credentials"
)

// TestNothingOfAContactReachesWhoeverDiscloses: contacts have no recipients at all. The service that answers recipients gets no
// event about a contact or a recording, has no right at their stream and may ask intake nothing. What case-linker sends too
// reaches it by case-linker's stream.
// AFC-14, AFC-29, TES-17
func TestNothingOfAContactReachesWhoeverDiscloses(t *testing.T) {
	t.Parallel()
	about := 0
	for _, e := range events.Catalogue {
		if !sentBy(e, events.Intake) || sentBy(e, events.CaseLinker) {
			continue
		}
		about++
		if slices.Contains(e.Consumers, events.Disclosure) || slices.Contains(e.Consumers, events.Statistics) {
			t.Errorf("%s goes to %v", e.Name(), e.Consumers)
		}
	}
	if about < 10 {
		t.Errorf("%d events are intake's", about)
	}
	found := false
	for _, user := range credentials.Users() {
		if user.Name != events.Disclosure {
			continue
		}
		found = true
		for _, subject := range slices.Concat(user.Publish, user.Subscribe) {
			if strings.Contains(subject, "EV_CONTACT") || strings.HasPrefix(subject, "ask.intake") || strings.Contains(subject, ".contact") || strings.Contains(subject, ".recording") {
				t.Errorf("the service that discloses may use %s", subject)
			}
		}
	}
	if !found {
		t.Error("nobody discloses")
	}
}

func sentBy(e events.Entry, service string) bool {
	return slices.ContainsFunc(e.Sources, func(s events.Source) bool { return s.Service == service })
}

// otherwise are words that name a field of somebody in a pack and something else in an event.
var otherwise = []string{
	"name", "text", // of an alarm, of a pack's file
	"ssyk", "municipality", "programme", // of a row of statistics, which is cut off from the person
}

// TestNoEventNamesAFieldThatAPackCallsPersonal: a user name, an address or an IP address is personal too (AFG-02), so that no
// event bears one outside a sealed box.
func TestNoEventNamesAFieldThatAPackCallsPersonal(t *testing.T) {
	t.Parallel()
	personal := map[string]bool{}
	for _, authority := range policy.Default().Authorities() {
		pack, _ := policy.Default().Pack(authority)
		for _, field := range slices.Concat(pack.Fields, pack.Registration.Store) {
			personal[field] = !slices.Contains(otherwise, field)
		}
	}
	for _, indirect := range []string{"userId", "address", "ipAddress"} {
		if !personal[indirect] {
			t.Errorf("no pack calls %s personal", indirect)
		}
	}
	last := regexp.MustCompile(`[^.\[\]]+$`)
	for _, e := range events.Catalogue {
		for _, f := range e.Fields() {
			if name := last.FindString(f.Path); personal[name] && f.Sensitivity != events.Personal {
				t.Errorf("%s bears %s in the clear", e.Name(), f.Path)
			}
		}
	}
}
