package api_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/services/retention-timer/internal/testbed"
)

func alarmNames(t *testing.T, c caller) (names []string) {
	t.Helper()
	_, body := c.ask("GET", "/v1/alarms", "")
	var said struct {
		Alarms []struct{ Name, Subject string }
	}
	if err := json.Unmarshal([]byte(body), &said); err != nil {
		t.Fatal(err)
	}
	for _, a := range said.Alarms {
		names = append(names, a.Name+" "+a.Subject)
	}
	return names
}

// AFG-45
func TestAnAlarmOfAnOnwardTransferStandsUntilTheDataProtectionOfficerClosesIt(t *testing.T) {
	t.Parallel()
	b := testbed.New(t)
	id := uuid.New()
	raised := events.AlarmRaised{Alarm: id, Name: events.OnwardTransfer, RaisedAt: testbed.At("2024-04-16 09:00")}
	b.Tell(events.TypeAlarmRaised, id, raised)
	b.Tell(events.TypeAlarmRaised, id, raised) // a second delivery
	dpo, want := as(b, "dpo", testbed.AF), "onward-transfer "+id.String()
	if got := alarmNames(t, dpo); len(got) != 1 || got[0] != want {
		t.Fatalf("%v", got)
	}
	path := "/v1/alarms/" + id.String() + "/close"
	for name, c := range map[string]struct {
		by   caller
		path string
		code int
	}{
		"an officer":                {as(b, "case-officer", testbed.AF), path, 403},
		"a processor":               {as(b, "processor", testbed.AF), path, 403},
		"another authority's":       {as(b, "dpo", "te-services"), path, 404},
		"an alarm that never was":   {dpo, "/v1/alarms/" + uuid.NewString() + "/close", 404},
		"what is no id":             {dpo, "/v1/alarms/x/close", 404},
		"an alarm that ends itself": {dpo, "/v1/alarms/case-linker/close", 404},
	} {
		if code, body := c.by.ask("POST", c.path, ""); code != c.code {
			t.Errorf("%s: %d %s", name, code, body)
		}
	}
	if got := alarmNames(t, dpo); len(got) != 1 {
		t.Fatalf("it stands no more: %v", got)
	}
	b.Out.Take()
	if code, body := dpo.ask("POST", path, ""); code != 204 {
		t.Fatalf("%d %s", code, body)
	}
	if told := b.Out.Take(); len(told) != 1 || told[0].Data.(events.AlarmClosed).Alarm != id {
		t.Errorf("told %v", told)
	}
	if got := alarmNames(t, dpo); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if code, _ := dpo.ask("POST", path, ""); code != 404 {
		t.Errorf("closed again: %d", code)
	}
}
