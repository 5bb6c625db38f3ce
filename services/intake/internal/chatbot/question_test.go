package chatbot

import (
	"bytes"
	"strings"
	"testing"

	"gallra.se/libs/problem"
)

func TestAQuestionIsReadStrictly(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"text":"hej","ipAddress":"192.0.2.51"}`: "",
		`{"text":"hej"}`: "",
		`{"text":"hej","ipAddress":"2001:db8::1"}`: "",
		`{"text":""}`:                                "missing-field (text)",
		`{"text":"  \n"}`:                            "missing-field (text)",
		`{"ipAddress":"192.0.2.51"}`:                 "missing-field (text)",
		`{"text":null}`:                              "missing-field (text)",
		`{"text":7}`:                                 "invalid-field (text)",
		`{"text":"\ud800"}`:                          "invalid-text (text)",
		`{"text":"hej","ipAddress":"Disa"}`:          "invalid-field (ipAddress)",
		`{"text":"hej","ipAddress":["192.0.2.51"]}`:  "invalid-field (ipAddress)",
		`{"text":"hej","nationalId":"197602102381"}`: "unknown-field (nationalId)",
		`{"text":"hej","197602102381":""}`:           "unknown-field",
		`{"text":"hej","text":"hej"}`:                "not-json",
		`["hej"]`:                                    "not-json",
		`null`:                                       "not-json",
		``:                                           "not-json",
		"{\"text\":\"\xff\"}":                        "not-json",
		`{"text":"` + strings.Repeat("x", longestQuestion) + `"}`:    "",
		`{"text":"` + strings.Repeat("x", longestQuestion+1) + `"}`:  "too-large (text)",
		`{"text":"` + strings.Repeat("x", 10*longestQuestion) + `"}`: "too-large (text)",
	} {
		_, err := Read([]byte(body))
		got := ""
		if err != nil {
			got = problem.From(err).Error()
		}
		if got != want {
			t.Errorf("%.60s: %q, want %q", body, got, want)
		}
	}
}

// AFC-27
func TestAQuestionIsOverwrittenWhenItIsAnswered(t *testing.T) {
	t.Parallel()
	body := []byte(`{"text":"I am Disa Kanariefem 197602102381","ipAddress":"192.0.2.51"}`)
	q, err := Read(body)
	if err != nil || !bytes.Equal(body, make([]byte, len(body))) {
		t.Fatalf("the body is still there: %v", err)
	}
	q.Answer()
	q.Forget()
	if !bytes.Equal(q.text, make([]byte, len(q.text))) {
		t.Error("the text is still there")
	}
}

func TestASessionsNameMayHoldNoNumberOfAPerson(t *testing.T) {
	t.Parallel()
	for name, fine := range map[string]bool{
		"s1": true, "0190c3a4-7e1b-7cc3-98c4-dc0c0c07398f": true, "abc_DEF-9": true,
		"": false, "a b": false, "../x": false, "a/b": false, "åäö": false, strings.Repeat("x", 65): false,
		"197602102381": false, "760210-2381": false, "070503A9886": false, "19760210-2381": false,
	} {
		if got := named(name) == nil; got != fine {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"text":"hej","ipAddress":"192.0.2.51"}`))
	f.Add([]byte(`{"text":"\ud800\u0000"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		q, err := Read(body)
		if err != nil && !problem.Refused(err) {
			t.Fatal(err)
		}
		if err == nil && (len(q.text) == 0 || len(q.text) > longestQuestion) {
			t.Fatalf("%d bytes are taken", len(q.text))
		}
		q.Answer()
		q.Forget()
	})
}
