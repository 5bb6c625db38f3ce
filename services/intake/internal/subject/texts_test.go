package subject_test

import (
	"testing"

	"gallra.se/libs/problem"
)

func TestNamesAndNumbersAreReadAsInAContactLine(t *testing.T) {
	t.Parallel()
	kept, err := rules(true).Keep(map[string]string{"name": "A\u030ake", "nationalId": "050105 A916V"})
	if err != nil || kept.Fields["name"] != "Åke" || kept.Fields["nationalId"] != "050105A916V" {
		t.Errorf("%+q %v", kept.Fields, err)
	}
	for _, name := range []string{"\u0410ili", "A\u202eili", "A\u200bili", "Aili\nX: y"} {
		if _, err := rules(true).Keep(map[string]string{"name": name}); err == nil || problem.From(err).Error() != "invalid-text (name)" {
			t.Errorf("%+q: %v", name, err)
		}
	}
}
