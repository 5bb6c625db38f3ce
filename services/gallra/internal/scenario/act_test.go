package scenario

import (
	"errors"
	"net/http"
	"testing"

	"gallra.se/services/gallra/internal/client"
)

func answered(status int, body string) client.Answer {
	return client.Answer{Status: status, Header: http.Header{}, Body: []byte(body)}
}

func expecting(outcome string) Expect { return Expect{Outcome: outcome, set: map[string]bool{}} }

func TestAnAnswerHasTheOutcomeThatTheFormatNames(t *testing.T) {
	t.Parallel()
	r := &run{}
	for _, c := range []struct {
		answer  client.Answer
		outcome string
	}{
		{answered(201, `{}`), "ok"},
		{answered(202, `{}`), "ok"},
		{answered(400, `{"reason":"not-json"}`), "invalid"},
		{answered(413, `{"reason":"too-large"}`), "invalid"},
		{answered(422, `{"reason":"unknown-field"}`), "invalid"},
		{answered(403, `{"reason":"denied","rule":"AFG-47"}`), "refused"},
		{answered(403, `{"reason":"forbidden"}`), "forbidden"},
		{answered(404, `{"reason":"not-found"}`), "not-found"},
		{answered(410, `{"reason":"gone"}`), "gone"},
		{answered(409, `{"reason":"conflict"}`), "conflict"},
		{answered(423, `{"reason":"locked"}`), "locked"},
	} {
		if err := r.expected(expecting(c.outcome), c.answer); err != nil {
			t.Errorf("%d: %v", c.answer.Status, err)
		}
		if err := r.expected(expecting("any"), c.answer); err != nil {
			t.Errorf("%d: %v", c.answer.Status, err)
		}
		if other := "held"; r.expected(expecting(other), c.answer) == nil {
			t.Errorf("%d passes for %s", c.answer.Status, other)
		}
	}
}

func TestStoredAndDroppedAreExactLists(t *testing.T) {
	t.Parallel()
	r := &run{}
	answer := answered(201, `{"stored":["a","b"],"dropped":[]}`)
	says := func(stored, dropped []string) Expect {
		return Expect{Stored: stored, Dropped: dropped, set: map[string]bool{"stored": true, "dropped": true}}
	}
	if err := r.expected(says([]string{"b", "a"}, nil), answer); err != nil {
		t.Error(err)
	}
	for _, wrong := range []Expect{says([]string{"a"}, nil), says([]string{"a", "b", "c"}, nil), says([]string{"a", "b"}, []string{"c"})} {
		if r.expected(wrong, answer) == nil {
			t.Errorf("%+v passes", wrong)
		}
	}
}

func TestWhatTheRunnerCannotDoIsAnErrorAndNoSkip(t *testing.T) {
	t.Parallel()
	r := &run{}
	if err := r.act(t.Context(), Step{Do: "document.appeal"}); !errors.Is(err, ErrUnsupported) {
		t.Errorf("an action: %v", err)
	}
	if err := r.check(t.Context(), Step{}, Claim{Key: "archive"}); !errors.Is(err, ErrUnsupported) {
		t.Errorf("a check: %v", err)
	}
	e := Expect{set: map[string]bool{"lastDay": true}}
	if err := r.expected(e, answered(201, `{}`)); !errors.Is(err, ErrUnsupported) {
		t.Errorf("an expectation: %v", err)
	}
}

func TestFlagsAndAnExtensionAreLookedAt(t *testing.T) {
	t.Parallel()
	a := answered(201, `{"flags":["written-procedure-offered","free"],"extendedTo":"2026-08-30"}`)
	for name, c := range map[string]struct {
		expect Expect
		holds  bool
	}{
		"a flag among others": {Expect{Flags: []string{"free"}, set: map[string]bool{"flags": true}}, true},
		"a flag that misses":  {Expect{Flags: []string{"free", "queued"}, set: map[string]bool{"flags": true}}, false},
		"the day":             {Expect{Until: "2026-08-30", set: map[string]bool{"extendedTo": true}}, true},
		"another day":         {Expect{Until: "2026-08-31", set: map[string]bool{"extendedTo": true}}, false},
	} {
		if err := (&run{}).expected(c.expect, a); (err == nil) != c.holds {
			t.Errorf("%s: %v", name, err)
		}
	}
}
