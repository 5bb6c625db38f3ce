package reference

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// diary is one history with what the notices say after it; the scenarios of the catalogue are among them.
type diary struct {
	name      string
	authority string
	amended   []amendment
	events    []event
	want      []string // unit: gone-from rule normal/ceiling/statutory
}

func on(what kind, key, on string, more event) event {
	more.what, more.key, more.on = what, key, day(on)
	if more.at.IsZero() {
		more.at = more.on.at(stockholm, 12, 0, 0)
	}
	return more
}

var (
	frida    = event{person: "frida", unit: "frida", record: "identity"}
	fridaA   = event{person: "frida", caseID: "A", unit: "A/frida", file: "file-a", caseType: "job-seeking"}
	fridaB   = event{person: "frida", caseID: "B", unit: "B/frida", file: "file-b", caseType: "programme"}
	callX    = event{unit: "X", record: "X", category: "contact.recording"}
	shorter  = amendment{0, "shorter", "AFC-21", period{days: 14}, day("2025-07-01")}
	longer   = amendment{0, "longer", "AFC-21", period{days: 60}, day("2025-09-01")}
	fridas   = []event{on(registered, "frida", "2021-10-04", frida), on(opened, "frida", "2021-10-04", fridaA)}
	fridaOut = append(fridas[:2:2], on(deregistered, "frida", "2022-05-16", frida), on(closed, "frida", "2022-05-16", fridaA))
)

var diaries = []diary{
	{"SC-08 before", "arbetsformedlingen", nil, fridaOut, []string{
		"frida: 2024-07-17 AFC-13 2024-07-17/none/none", "A/frida: 2024-07-17 AFC-13 2024-07-17/2025-05-16/2025-12-31"}},
	{"SC-08 registered on the last day", "arbetsformedlingen", nil, append(fridaOut[:4:4], on(registered, "frida", "2024-07-16", frida)), []string{
		"frida: none  none/none/none", "A/frida: 2025-05-16 AFG-53 none/2025-05-16/2025-12-31"}},
	{"SC-08 registered the day after", "arbetsformedlingen", nil, append(fridaOut[:4:4], on(registered, "frida", "2024-07-17", frida)), []string{
		"frida: 2024-07-17 AFC-13 2024-07-17/none/none"}},
	{"SC-08 the second time", "arbetsformedlingen", nil, append(fridaOut[:4:4], on(registered, "frida", "2024-07-16", frida), on(deregistered, "frida", "2024-10-31", frida)), []string{
		"frida: 2027-01-01 AFC-13 2027-01-01/none/none", "A/frida: 2025-05-16 AFG-53 2027-01-01/2025-05-16/2025-12-31"}},
	{"SC-10 closed while registered", "arbetsformedlingen", nil, append(fridas[:2:2], on(closed, "frida", "2022-03-31", fridaA)), []string{
		"A/frida: 2025-03-31 AFG-53 none/2025-03-31/2025-12-31"}},
	{"open when the 26 months ran out", "arbetsformedlingen", nil, append(fridas[:2:2], on(deregistered, "frida", "2022-05-16", frida), on(closed, "frida", "2024-07-17", fridaA)), []string{
		"A/frida: 2027-07-17 AFG-53 none/2027-07-17/2027-12-31"}},
	{"closed on the last day of the 26 months", "arbetsformedlingen", nil, append(fridas[:2:2], on(deregistered, "frida", "2022-05-16", frida), on(closed, "frida", "2024-07-16", fridaA)), []string{
		"A/frida: 2024-07-17 AFC-13 2024-07-17/2027-07-16/2027-12-31"}},
	{"adopted", "arbetsformedlingen", nil, append(fridaOut[:4:4],
		on(noted, "frida", "2022-01-17", event{person: "frida", caseID: "A", unit: "A/frida", record: "note"}),
		on(opened, "frida", "2022-06-01", fridaB), on(adopted, "frida", "2022-06-02", event{person: "frida", caseID: "B", from: "A/frida", unit: "B/frida", record: "note"}),
		on(closed, "frida", "2022-08-31", fridaB)), []string{
		"A/frida: 2024-07-17 AFC-13 2024-07-17/2025-05-16/2025-12-31", "B/frida: 2024-07-17 AFC-13 2024-07-17/2025-08-31/2025-12-31"}},
	{"SC-13 untouched", "te-customer-service", nil, []event{on(recorded, "X", "2025-08-31", callX)}, []string{
		"X: 2026-03-01 KSC-13 2026-03-01/2026-08-31/none"}},
	{"SC-13 until the complaint was closed", "te-customer-service", nil, []event{on(recorded, "X", "2025-08-31", callX), on(extended, "X", "2026-08-30", callX), on(reasonEnded, "X", "2026-05-04", callX)}, []string{
		"X: 2026-05-05 KSC-14 2026-05-05/2026-08-31/none"}},
	{"SC-13 never shorter than six months", "te-customer-service", nil, []event{on(recorded, "X", "2025-08-31", callX), on(extended, "X", "2026-08-30", callX), on(reasonEnded, "X", "2025-10-04", callX)}, []string{
		"X: 2026-03-01 KSC-13 2026-03-01/2026-08-31/none"}},
	{"SC-17 recruitment", "arbetsformedlingen", nil, []event{on(opened, "kalle", "2024-02-12", event{person: "kalle", caseID: "R", unit: "R", file: "r", caseType: "recruitment"}), on(closed, "kalle", "2024-05-31", event{person: "kalle", caseID: "R"})}, []string{
		"R: 2026-06-01 AFG-42 2026-06-01/none/none"}},
	{"SC-22 lifted", "arbetsformedlingen", nil, append(fridaOut[:4:4],
		on(placed, "h", "2024-07-10", event{hold: "h", scope: "person", target: "frida", reason: "restriction"}), on(released, "h", "2024-08-10", event{hold: "h"})), []string{
		"frida: 2024-08-11 AFC-13 2024-07-17/none/none"}},
	{"SC-29 shortened, then lengthened", "arbetsformedlingen", []amendment{shorter, longer}, []event{
		on(recorded, "a", "2025-06-10", event{unit: "a", category: "contact.chat"}), on(recorded, "b", "2025-08-25", event{unit: "b", category: "contact.chat"}), on(recorded, "c", "2025-09-01", event{unit: "c", category: "contact.chat"})}, []string{
		"a: 2025-07-01 AFC-21 2025-07-01/none/none", "b: 2025-09-09 AFC-21 2025-09-09/none/none", "c: 2025-11-01 AFC-21 2025-11-01/none/none"}},
	{"STHLM service and draft", "stockholm-labour-market-board", nil, []event{
		on(opened, "s", "2025-06-01", event{person: "s", caseID: "S", unit: "S", file: "f", caseType: "service"}),
		on(noted, "s", "2025-06-02", event{person: "s", caseID: "S", unit: "draft", record: "d", category: "case.draft", caseType: "service"}),
		on(noted, "s", "2025-06-02", event{person: "s", caseID: "S", unit: "document", record: "o", category: "case.document", caseType: "service"}),
		on(closed, "s", "2025-06-09", event{person: "s", caseID: "S"})}, []string{
		"S: 2025-06-10 STH-17 2025-06-10/none/none", "draft: 2025-06-16 STH-19 2025-06-16/none/none", "document: none  none/none/none"}},
}

func TestTheModelSaysWhatTheNoticesSay(t *testing.T) {
	t.Parallel()
	for _, d := range diaries {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			p := policy{authority: authorityOf(d.authority), original: "original", amendments: d.amended}
			for i := range d.events {
				d.events[i].n = i
			}
			for range 3 {
				got := expect(p, d.events, day("2030-01-01").midnight(p.zone))
				for _, want := range d.want {
					if !said(got, want) {
						t.Errorf("want %q in\n%s", want, tell(got))
					}
				}
				d.events = append(d.events, d.events[rand.IntN(len(d.events))])
				rand.Shuffle(len(d.events), func(i, j int) { d.events[i], d.events[j] = d.events[j], d.events[i] })
			}
		})
	}
}

func authorityOf(name string) authority {
	for _, a := range authorities {
		if a.name == name {
			return a
		}
	}
	panic("no notice of " + name)
}

func line(unit string, x expectation) string {
	return fmt.Sprintf("%s: %s %s %s/%s/%s", unit, x.due, x.rule, x.normal, x.ceiling, x.statutory)
}

func said(got map[string]expectation, want string) bool {
	for unit, x := range got {
		if line(unit, x) == want {
			return true
		}
	}
	return false
}

func tell(got map[string]expectation) (out string) {
	for unit, x := range got {
		out += line(unit, x) + "\n"
	}
	return out
}
