package subject_test

import (
	"slices"
	"strings"
	"testing"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/subject"
)

func rules(simulated bool) subject.Rules {
	pack, _ := policy.Default().Pack("te-customer-service")
	return subject.Rules{Pack: pack, Store: []string{"name", "nationalId"}, On: calendar.MustDate("2025-03-04"), Simulated: simulated}
}

// KSC-11
func TestWhatThePackDoesNotNameIsDroppedAndNamed(t *testing.T) {
	t.Parallel()
	kept, err := rules(true).Keep(map[string]string{"name": "Aili", "nationalId": "050105A916V", "text": "said", "ipAddress": "192.0.2.1"})
	if err != nil || strings.Join(kept.Stored, " ") != "name nationalId" || strings.Join(kept.Dropped, " ") != "ipAddress text" {
		t.Fatalf("%+v %v", kept, err)
	}
	if len(kept.Fields) != 2 || kept.Fields["nationalId"] != "050105A916V" {
		t.Errorf("%v", kept.Fields)
	}
}

func TestANumberThatCouldBeSomebodysIsRefusedInASimulation(t *testing.T) {
	t.Parallel()
	real := map[string]string{"nationalId": "131052-308T"} // the example of the population register, no test number
	if _, err := rules(true).Keep(real); problem.From(err).Error() != "invalid-national-id (nationalId)" {
		t.Error(err)
	}
	if kept, err := rules(false).Keep(real); err != nil || kept.Fields["nationalId"] != "131052-308T" {
		t.Errorf("%v %v", kept, err)
	}
}

func FuzzKeep(f *testing.F) {
	f.Add("name", "Aili", "050105A916V")
	f.Add("text", "a\x00b", "050105-916V")
	f.Add("Aili Kanarie", "\u202e", "")
	f.Add("workHistory", "å", "0501059999")
	r := rules(true)
	f.Fuzz(func(t *testing.T, name, value, number string) {
		kept, err := r.Keep(map[string]string{name: value, "nationalId": number})
		if err != nil {
			if !problem.Refused(err) || strings.Contains(err.Error(), number) && len(number) > 5 {
				t.Errorf("%v", err)
			}
			return
		}
		for field := range kept.Fields {
			if !slices.Contains(r.Store, field) || !slices.Contains(kept.Stored, field) || slices.Contains(kept.Dropped, field) {
				t.Errorf("%s is kept: %+v", field, kept)
			}
		}
	})
}
