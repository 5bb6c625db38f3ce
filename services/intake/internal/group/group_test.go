package group_test

import (
	"testing"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/services/intake/internal/group"
)

func TestAPlanHasANameAndABeginningAndEndsAfterIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		given group.Given
		want  string
	}{
		"with an end":       {group.Given{ID: "g", Name: "n", Start: "2025-03-01", End: "2025-05-31"}, ""},
		"of one day":        {group.Given{ID: "g", Name: "n", Start: "2025-03-01", End: "2025-03-01"}, ""},
		"without an end":    {group.Given{ID: "g", Name: "n", Start: "2025-03-01"}, ""},
		"backwards":         {group.Given{ID: "g", Name: "n", Start: "2025-03-01", End: "2025-02-28"}, "invalid-time (end)"},
		"no day":            {group.Given{ID: "g", Name: "n", Start: "2025-02-29"}, "invalid-time (start)"},
		"another calendar":  {group.Given{ID: "g", Name: "n", Start: "0025-03-01"}, "invalid-time (start)"},
		"a time of day":     {group.Given{ID: "g", Name: "n", Start: "2025-03-01T10:00:00Z"}, "invalid-time (start)"},
		"without beginning": {group.Given{ID: "g", Name: "n"}, "missing-field (start)"},
		"without a name":    {group.Given{ID: "g", Start: "2025-03-01"}, "missing-field (name)"},
		"without an id":     {group.Given{Name: "n", Start: "2025-03-01"}, "missing-field (id)"},
		"a header's break":  {group.Given{ID: "g\r\n", Name: "n", Start: "2025-03-01"}, "invalid-text (id)"},
	} {
		if _, err := c.given.Judge(); reason(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// KSC-11
func TestOfAParticipantThePacksFieldsAreKept(t *testing.T) {
	t.Parallel()
	pack, _ := policy.Default().Pack("te-customer-service")
	rules, _ := pack.Group()
	now := time.Date(2025, 3, 4, 22, 30, 0, 0, time.UTC) // the fifth in Helsinki
	j := group.Joining{Person: map[string]string{"name": "Aili", "nationalId": "050105A916V"}, Fields: map[string]string{"nationalId": "overwritten", "workHistory": "x"}}
	out, err := j.Judge(pack, rules, now, true)
	if err != nil || out.On != calendar.MustDate("2025-03-05") || out.Fields["nationalId"] != "050105A916V" || len(out.Fields) != 2 || len(out.Dropped) != 1 {
		t.Errorf("%+v %v", out, err)
	}
	for at, want := range map[string]string{"2025-03-04T22:40:00Z": "invalid-time (at)", "yesterday": "invalid-time (at)", "2025-03-04T22:34:00Z": ""} {
		j.At = at
		if _, err := j.Judge(pack, rules, now, true); reason(err) != want {
			t.Errorf("%s: %v", at, err)
		}
	}
	if _, err := (group.Joining{Person: map[string]string{"name": "Aili"}}).Judge(pack, rules, now, true); reason(err) != "missing-field (nationalId)" {
		t.Error(err)
	}
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return problem.From(err).Error()
}
