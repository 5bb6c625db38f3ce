package scenario

import (
	"net/http"
	"testing"

	"gallra.se/services/gallra/internal/client"
)

func TestAnAnswerIsTheSameButForItsOwnIdsAndMoments(t *testing.T) {
	t.Parallel()
	first := client.Answer{Status: 200, Header: http.Header{"Date": {"Mon"}, "Content-Type": {"application/json"}},
		Body: []byte(`{"id":"0190c3a4-7e1b-7cc3-98c4-dc0c0c07398f","at":"2024-05-10T10:00:00Z","name":"a"}`)}
	like := func(change func(*client.Answer)) client.Answer {
		a := client.Answer{Status: 200, Header: http.Header{"Date": {"Tue"}, "Content-Type": {"application/json"}},
			Body: []byte(`{"id":"0190c3a4-7e1b-7cc3-98c4-000000000000","at":"2024-05-10T12:02:00.5+02:00","name":"a"}`)}
		change(&a)
		return a
	}
	if err := sameAnswer(first, like(func(*client.Answer) {})); err != nil {
		t.Error(err)
	}
	for what, other := range map[string]client.Answer{
		"status":          like(func(a *client.Answer) { a.Status = 201 }),
		"a header":        like(func(a *client.Answer) { a.Header.Set("Content-Type", "text/plain") }),
		"one header more": like(func(a *client.Answer) { a.Header.Set("X-Masked", "true") }),
		"one less":        like(func(a *client.Answer) { a.Header.Del("Content-Type") }),
		"a letter": like(func(a *client.Answer) {
			a.Body = []byte(`{"id":"0190c3a4-7e1b-7cc3-98c4-dc0c0c07398f","at":"2024-05-10T10:00:00Z","name":"b"}`)
		}),
		"a blank more": like(func(a *client.Answer) { a.Body = append(a.Body, ' ') }),
		"another date": like(func(a *client.Answer) { a.Body = []byte(`{"on":"2024-05-10"}`) }),
	} {
		if sameAnswer(first, other) == nil {
			t.Errorf("%s changes nothing", what)
		}
	}
	r := &run{answers: map[string]client.Answer{"plain": first}}
	e := Expect{SameAs: "plain", set: map[string]bool{"same-as": true}}
	if err := r.expected(e, first); err != nil {
		t.Error(err)
	}
	if r.expected(e, answered(200, `{}`)) == nil {
		t.Error("another answer passes for the same")
	}
}
