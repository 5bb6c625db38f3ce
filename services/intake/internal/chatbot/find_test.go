package chatbot

import (
	"strings"
	"testing"
)

func TestAQuestionFindsItsAnswerInItsOwnLanguage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"How do I register as a job-seeker?":               "register",
		"HUR SKRIVER JAG IN MIG SOM ARBETSSÖKANDE?":        "register",
		"what is my next step":                             "next-step",
		"When must I hand in the monthly activity report?": "activity-report",
		"när ska aktivitetsrapporten in":                   "activity-report",
		"Are my personal data stored?":                     "privacy",
		"qwerty":                                           NoAnswer,
		"":                                                 NoAnswer,
		"12345 ???":                                        NoAnswer,
	} {
		if got := Find([]byte(text)); got.ID != want {
			t.Errorf("%q: %s, want %s", text, got.ID, want)
		}
	}
	sv, en := Find([]byte("logga in på mina sidor")), Find([]byte("log in to my pages"))
	if sv.ID != en.ID || !strings.HasPrefix(sv.Text, "Du") || !strings.HasPrefix(en.Text, "You") {
		t.Errorf("%+v %+v", sv, en)
	}
}

func TestTheBaseHasEveryAnswerInBothLanguages(t *testing.T) {
	t.Parallel()
	if len(base.known) < 20 {
		t.Fatalf("%d answers", len(base.known))
	}
	for _, k := range base.known { // each is found by its own words
		if got := Find([]byte(strings.Join(k.words, " "))); got.ID != k.id || got.Text != k.text {
			t.Errorf("the words of %s (%s) find %s", k.id, k.language, got.ID)
		}
	}
	for _, broken := range []string{"answers: [{id: a}]\nnone: {sv: a, en: b}", "answers: [{id: a, fi: {}}]", "- x"} {
		if _, err := read([]byte(broken)); err == nil {
			t.Errorf("%q is read", broken)
		}
	}
}
