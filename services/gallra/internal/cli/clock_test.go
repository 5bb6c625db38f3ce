package cli

import (
	"testing"
	"time"
)

func TestATimeToAdvanceToIsADateAnInstantOrASpan(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"2024-05-01":           "2024-04-30T22:00:00Z",
		"2024-12-01":           "2024-11-30T23:00:00Z",
		"2024-05-01T10:00:00Z": "2024-05-01T10:00:00Z",
		"36h":                  "2024-03-03T00:00:00Z",
		"10d":                  "2024-03-11T12:00:00Z",
	} {
		got, err := moment(text, now)
		if err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: %s %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "soon", "10dd", "2024-02-30"} {
		if _, err := moment(text, now); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
