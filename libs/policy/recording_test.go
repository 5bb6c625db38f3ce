package policy

import (
	"slices"
	"testing"
)

// KSC-06, KSC-07, KSC-08, KSC-09, KSC-11, KSC-12
func TestSomeLinesAreRecordedAndGuidanceNeverIs(t *testing.T) {
	t.Parallel()
	r, ok := pack(t, "te-customer-service").Recording()
	if !ok || r.Rule != "KSC-13" || !slices.Equal(r.Purposes, []string{"complaint", "quality"}) {
		t.Fatalf("%v %+v", ok, r)
	}
	for line, recorded := range map[string]bool{"national": true, "authority-line": true, "outbound": true, "career-guidance": false} {
		if l, ok := r.Line(line); !ok || l.Recorded != recorded {
			t.Errorf("%s is recorded: %v", line, l.Recorded)
		}
	}
	if _, ok := r.Line("0771-416416"); ok {
		t.Error("a line that nobody listed")
	}
	for field, described := range map[string]bool{"name": true, "nationalId": true, "orgNumber": true, "userId": true, "health": false, "ipAddress": false} {
		if slices.Contains(r.Index, field) != described {
			t.Errorf("a recording is described by %s: %v", field, !described)
		}
	}
	for _, authority := range []string{"arbetsformedlingen", "te-services", "stockholm-labour-market-board"} {
		if _, ok := pack(t, authority).Recording(); ok {
			t.Errorf("%s records calls", authority)
		}
	}
}

// KSC-04, KSC-11
func TestEachRegisterOfTheCentreHasItsOwnCategories(t *testing.T) {
	t.Parallel()
	p := pack(t, "te-customer-service")
	seen := map[string]string{}
	for _, r := range p.Registers() {
		for _, c := range r.Categories {
			if seen[c] != "" {
				t.Errorf("%s is in %s and %s", c, seen[c], r.Name)
			}
			seen[c] = r.Name
		}
	}
	if len(p.Registers()) != 3 || seen["contact.recording"] != "recordings" || seen["contact.econtact"] != "contacts" || seen["group.participant"] != "groups" {
		t.Errorf("%v", seen)
	}
	if g, ok := p.Group(); !ok || slices.Contains(g.Store, "health") || !slices.Contains(g.Store, "userId") {
		t.Errorf("%+v", g)
	}
}
