package sim

import (
	"errors"
	"testing"
	"time"
)

func TestTheClockFlagIsReadAsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Setting{
		"real":                                {},
		"simulated":                           {Simulated: true},
		"simulated=2021-01-01":                {Simulated: true, Start: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)},
		"simulated=2021-01-01T08:00:00Z":      {Simulated: true, Start: time.Date(2021, 1, 1, 8, 0, 0, 0, time.UTC)},
		"simulated=2021-07-01T08:00:00+02:00": {Simulated: true, Start: time.Date(2021, 7, 1, 6, 0, 0, 0, time.UTC)},
	} {
		got, err := ParseSetting(text)
		if err != nil || got.Simulated != want.Simulated || !got.Start.Equal(want.Start) {
			t.Errorf("%s: %+v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "lunar", "real=2021-01-01", "simulated=", "simulated=yesterday", "simulated=2021-02-30"} {
		if _, err := ParseSetting(text); !errors.Is(err, ErrSetting) {
			t.Errorf("%q is read: %v", text, err)
		}
	}
}
