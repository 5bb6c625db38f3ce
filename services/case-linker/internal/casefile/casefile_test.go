package casefile_test

import (
	"testing"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/services/case-linker/internal/casefile"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestANoteBelongsToACaseUntilItsClosingCounts(t *testing.T) {
	t.Parallel()
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, decided, effective, reopened, note string
		open                                     bool
	}{
		{"before the decision", "2022-05-16T15:00:00+02:00", "2022-05-16", "", "2022-05-16T14:59:59+02:00", true},
		{"at the decision", "2022-05-16T15:00:00+02:00", "2022-05-16", "", "2022-05-16T15:00:00+02:00", false},
		{"a late decision does not reach back", "2022-05-20T15:00:00+02:00", "2022-05-16", "", "2022-05-18T10:00:00+02:00", true},
		{"after a late decision", "2022-05-20T15:00:00+02:00", "2022-05-16", "", "2022-05-20T15:00:01+02:00", false},
		{"ahead: until its effective day", "2022-05-10T15:00:00+02:00", "2022-05-16", "", "2022-05-15T23:59:59+02:00", true},
		{"ahead: from its effective day", "2022-05-10T15:00:00+02:00", "2022-05-16", "", "2022-05-16T00:00:00+02:00", false},
		{"while closed, although reopened since", "2022-05-16T15:00:00+02:00", "2022-05-16", "2022-06-01T09:00:00+02:00", "2022-05-31T10:00:00+02:00", false},
		{"from the reopening on", "2022-05-16T15:00:00+02:00", "2022-05-16", "2022-06-01T09:00:00+02:00", "2022-06-01T09:00:00+02:00", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			closing := casefile.Close(at(t, c.decided), calendar.MustDate(c.effective), stockholm)
			if c.reopened != "" {
				closing.ReopenedAt = at(t, c.reopened)
			}
			if got := casefile.OpenAt([]casefile.Closing{closing}, at(t, c.note)); got != c.open {
				t.Errorf("open: %v, expected %v", got, c.open)
			}
		})
	}
}
