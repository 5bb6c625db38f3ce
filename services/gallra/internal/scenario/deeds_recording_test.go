package scenario

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

var taped = map[string]string{
	"POST /v1/recordings":              `{"id":"r-1"}`,
	"POST /v1/complaints":              `{"id":"k-1"}`,
	"POST /v1/groups":                  `{"id":"g-1"}`,
	"POST /v1/groups/g-1/participants": `{"id":"p-1"}`,
}

const recorded = `  - {at: 2024-01-31 14:00, do: recording.notice, with: {call: c, line: national}}
  - {at: 2024-01-31 14:00, do: recording.start, ref: rec, with: {call: c, line: national, person: anna}}
`

func TestACallsAudioIsHandedInUpToItsEnd(t *testing.T) {
	t.Parallel()
	a := newAnswering(t, taped)
	err := a.played(t, recorded+`  - {at: 2024-01-31 14:02:30, do: recording.stop, with: {call: c}}
  - {at: 2024-02-01 10:00, do: complaint.open, ref: k, with: {about: rec, reason: "x"}}
  - {at: 2024-02-01 10:01, do: recording.extend, with: {call: [c], reason: quality, bulk: true, until: 2024-08-30}}
  - {at: 2024-02-01 10:02, do: recording.play, with: {call: c, reason: complaint, offset: "00:00:59", place: te-office, identityProven: true}}
  - {at: 2024-02-02 10:00, do: complaint.close, with: {about: rec, reason: "answered"}}
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"POST /v1/recordings/calls/SC-99%2Fc/notice", "POST /v1/recordings", "PUT /v1/recordings/r-1/audio?offset=0", "PUT /v1/recordings/r-1/audio?offset=60000",
		"PUT /v1/recordings/r-1/audio?offset=120000", "POST /v1/recordings/r-1/stop", "POST /v1/complaints", "POST /v1/recordings/extensions",
		"POST /v1/recordings/r-1/listening", "GET /v1/recordings/r-1/audio?offset=00%3A00%3A59", "POST /v1/complaints/k-1/close"}
	if !slices.Equal(a.asked, want) {
		t.Errorf("%s", strings.Join(a.asked, "\n"))
	}
	if n := len(a.sent["PUT /v1/recordings/r-1/audio?offset=120000"]); n != 30000 {
		t.Errorf("the last half minute has %d bytes", n)
	}
}

func TestASystemThatTakesAudioFromAfterAStopFails(t *testing.T) {
	t.Parallel()
	cut := map[string]string{"POST /v1/recordings/r-1/stop": `{"audioEndsMs":30000,"flags":["written-procedure-offered"]}`}
	for route, answer := range taped {
		cut[route] = answer
	}
	a := newAnswering(t, cut)
	err := a.played(t, recorded+`  - {at: 2024-01-31 14:02, do: recording.stop, with: {call: c, offset: "00:00:30", reason: customer-request}}
`)
	if !errors.Is(err, ErrFailed) || !slices.Contains(a.asked, "PUT /v1/recordings/r-1/audio?offset=30000") {
		t.Errorf("%v %v", err, a.asked)
	}
	if err := newAnswering(t, taped).played(t, "  - {at: 2024-01-31 14:02, do: recording.stop, with: {call: c}}\n"); !errors.Is(err, ErrFailed) {
		t.Errorf("a call that nobody recorded: %v", err)
	}
}

func TestWhoLeavesAGroupIsFoundByPerson(t *testing.T) {
	t.Parallel()
	a := newAnswering(t, taped)
	err := a.played(t, `  - {at: 2024-01-31 14:00, do: group.create, ref: club, with: {group: Club, start: 2024-02-01}}
  - {at: 2024-02-01 10:00, do: group.join, ref: her, with: {group: club, person: anna, fields: {email: a@example.org}}}
  - {at: 2024-02-02 10:00, do: group.leave, with: {group: club, person: anna}}
  - {at: 2024-02-03 10:00, do: group.move, with: {group: club, end: 2024-06-30}}
  - {at: 2024-02-04 10:00, do: group.end, with: {group: club}}
  - {at: 2024-02-04 10:01, check: {readable: [her]}}
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"DELETE /v1/groups/g-1/participants/p-1", "GET /v1/groups/g-1/participants/p-1"} {
		if !slices.Contains(a.asked, want) {
			t.Errorf("nobody asked %s: %v", want, a.asked)
		}
	}
	if a.sent["POST /v1/groups/g-1/end"] != `{"end":"2024-02-04"}` || a.sent["POST /v1/groups/g-1/move"] != `{"end":"2024-06-30"}` {
		t.Errorf("%v", a.sent)
	}
}
