package acceptance

import (
	"net/http"
	"testing"
	"time"

	"gallra.se/libs/bearer"
	"gallra.se/services/gallra/internal/client"
)

// authority is where the persons of these tests are registered.
const authority = "arbetsformedlingen"

// life hands in lines about one person and moves the clock.
type life struct {
	t   *testing.T
	api *client.Client
}

// at moves the clock to a local time in Sweden.
func (l life) at(local string) time.Time {
	l.t.Helper()
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		l.t.Fatal(err)
	}
	to, err := time.ParseInLocation("2006-01-02 15:04", local, stockholm)
	if err != nil {
		l.t.Fatal(err)
	}
	if _, err := l.api.Advance(l.t.Context(), to); err != nil {
		l.t.Fatal(err)
	}
	return to
}

// hands hands a line in at a local time and returns the id in the answer.
func (l life) hands(local, path string, line map[string]any) string {
	l.t.Helper()
	line["at"], line["authority"], line["id"] = l.at(local).Format(time.RFC3339), authority, "test "+local+" "+path
	var said struct{ ID string }
	if err := l.api.Post(l.t.Context(), authority, path, line, &said); err != nil {
		l.t.Fatalf("%s: %v", line["kind"], err)
	}
	return said.ID
}

func (l life) status(path string) int {
	l.t.Helper()
	answer, err := l.api.Do(l.t.Context(), client.Call{Authority: authority, Method: http.MethodGet, Path: path})
	if err != nil {
		l.t.Fatal(err)
	}
	return answer.Status
}

func (l life) service(verb, name string) {
	l.t.Helper()
	if err := l.api.Post(l.t.Context(), "", "/sim/"+verb, map[string]string{"service": name}, nil); err != nil {
		l.t.Fatalf("%s %s: %v", verb, name, err)
	}
}

const frida = "199310232385"

func TestAReregistrationAMinuteBeforeTheEndStopsItAlthoughRetentionTimerIsDown(t *testing.T) {
	t.Parallel()
	system, api := up(t, dataDir(t), "--clock=simulated=2021-10-04", "--processes")
	l := life{t, api}
	who := map[string]any{"nationalId": frida, "name": "Frida Kanarie"}
	person := l.hands("2021-10-04 09:00", "/v1/persons", map[string]any{"kind": "person.registered", "person": who})
	file := l.hands("2021-10-04 09:05", "/v1/cases", map[string]any{"kind": "case.opened", "case": "AF-LAST-DAY", "type": "job-seeking", "persons": []string{frida}})
	l.hands("2022-05-16 12:00", "/v1/persons", map[string]any{"kind": "person.deregistered", "nationalId": frida, "effective": "2022-05-16", "reason": "employment"})
	l.hands("2022-05-16 12:05", "/v1/cases", map[string]any{"kind": "case.closed", "case": "AF-LAST-DAY", "effective": "2022-05-16", "reason": "employment"})
	l.at("2024-07-16 23:58")
	l.service("kill", "retention-timer")
	l.hands("2024-07-16 23:59", "/v1/persons", map[string]any{"kind": "person.registered", "person": who})
	l.at("2024-07-17 06:00")
	l.service("start", "retention-timer")
	l.at("2024-07-17 06:01")
	reader, err := system.Place().As(bearer.Claims{Authority: authority, Name: "reader", Roles: []string{"dpo"}, Undertaking: true, Trained: true}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/v1/persons/" + person, "/v1/cases/" + file} {
		if status := (life{t, reader.For("supervision")}).status(path); status != http.StatusOK {
			t.Errorf("%s answers %d after the registration", path, status)
		}
	}
	receipts := 0
	if err := api.Receipts(t.Context(), -1, 0, "", func(client.Receipt) error { receipts++; return nil }); err != nil {
		t.Fatal(err)
	}
	if receipts != 0 {
		t.Errorf("%d records were destroyed", receipts)
	}
	reconciles(t, system)
}
