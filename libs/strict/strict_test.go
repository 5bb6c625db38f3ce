package strict_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

func TestALineIsOneObjectInUTF8WithoutANameTwice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ raw, reason string }{
		"an object":                {`{"a":{"b":[1,{"c":null}]}}`, ""},
		"an empty object":          {` {} `, ""},
		"nothing":                  {``, "not-json"},
		"null":                     {`null`, "not-json"},
		"an array":                 {`[{}]`, "not-json"},
		"two objects":              {`{}{}`, "not-json"},
		"half an object":           {`{"a":`, "not-json"},
		"a name twice":             {`{"a":1,"a":1}`, "not-json"},
		"a name twice, escaped":    {`{"a":1,"\u0061":1}`, "not-json"},
		"a name twice, inside":     {`{"a":[{"b":1,"b":2}]}`, "not-json"},
		"no UTF-8":                 {"{\"a\":\"\xff\"}", "not-json"},
		"half a surrogate, named":  {`{"a":"\ud800"}`, ""}, // the field says so
		"as long as a line may be": {`{"a":"` + strings.Repeat("x", strict.MaxLine-8) + `"}`, ""},
		"a byte longer":            {`{"a":"` + strings.Repeat("x", strict.MaxLine-7) + `"}`, "too-large"},
	} {
		_, _, err := strict.Line([]byte(c.raw))
		if reasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
	}
}

func TestTheSameContentHasOneFormWhateverItsOrderAndSpaces(t *testing.T) {
	t.Parallel()
	form := func(raw string) []byte {
		_, canonical, err := strict.Line([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		return canonical
	}
	a := form(`{"id":"a","fields":{"name":"x","text":"\u00e5"},"n":1.0}`)
	if b := form(` { "n":1, "fields" : {"text":"å", "name":"x"}, "id":"a" } `); !bytes.Equal(a, b) {
		t.Errorf("%s\n%s", a, b)
	}
	if b := form(`{"id":"a","fields":{"name":"x","text":"a"},"n":1}`); bytes.Equal(a, b) {
		t.Error("another content has the same form")
	}
}

func TestATextIsAStringOfWholeCharacters(t *testing.T) {
	t.Parallel()
	for raw, c := range map[string]struct {
		text string
		err  error
		why  string
	}{
		`"a\n\u00e5"`:    {"a\nå", nil, ""},
		`"\ud83d\ude00"`: {"😀", nil, ""},
		`"\ud800"`:       {"", strict.ErrUnicode, "invalid-text"},
		`7`:              {"", strict.ErrShape, "invalid-field"},
		`null`:           {"", strict.ErrShape, "invalid-field"},
		`{"a":"b"}`:      {"", strict.ErrShape, "invalid-field"},
	} {
		text, err := strict.Text([]byte(raw))
		if text != c.text || !errors.Is(err, c.err) {
			t.Errorf("%s: %q %v", raw, text, err)
		}
		_, err = strict.TextOf("name", []byte(raw))
		if p := problem.From(err); reasonOf(err) != c.why || err != nil && p.Field != "name" {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func TestControlCharactersButTabAndNewlineAreRefused(t *testing.T) {
	t.Parallel()
	if err := strict.Clean("text", "a\tb\nc å 😀"); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"\x00", "a\rb", "a\x1bb", "\u0085"} {
		if p := problem.From(strict.Clean("text", text)); p.Reason != "invalid-text" || p.Field != "text" {
			t.Errorf("%q: %v", text, p)
		}
	}
}

func TestATextMayHaveItsLimitAndNotAByteMore(t *testing.T) {
	t.Parallel()
	if err := strict.Fits("id", strings.Repeat("x", strict.MaxName), strict.MaxName); err != nil {
		t.Error(err)
	}
	if p := problem.From(strict.Fits("id", strings.Repeat("x", strict.MaxName+1), strict.MaxName)); p.Reason != "too-large" || p.Field != "id" {
		t.Error(p)
	}
}

func TestANameIsRepeatedOnlyIfItCannotBeContent(t *testing.T) {
	t.Parallel()
	for name, said := range map[string]string{
		"shoeSize": "shoeSize", "shoe_size": "shoe_size",
		"": "", "Anna Kanarie": "", "199001012385": "", "p199001012385": "", "250777-9720": "", "_": "", "naïve": "",
		strings.Repeat("x", 64): strings.Repeat("x", 64), strings.Repeat("x", 65): "",
	} {
		if p := problem.From(strict.Unknown(name)); p.Reason != "unknown-field" || p.Field != said {
			t.Errorf("%q: %v", name, p)
		}
	}
}

func TestABodyHasTheFieldsThatItShouldAndNoOthers(t *testing.T) {
	t.Parallel()
	var body struct {
		At       string `json:"at"`
		Relevant bool   `json:"relevant"`
	}
	if err := strict.Decode([]byte(`{"at":"now","relevant":true}`), &body); err != nil || body.At != "now" || !body.Relevant {
		t.Error(err, body)
	}
	for raw, want := range map[string]string{
		`{"at":"now","mood":"x"}`:     "unknown-field (mood)",
		`{"AT":"now"}`:                "unknown-field (AT)",
		`{"Anna Kanarie":"x"}`:        "unknown-field",
		`{"at":7}`:                    "invalid-field (at)",
		`{"at":"now","at":"then"}`:    "not-json",
		`{"at":"now"}{}`:              "not-json",
		``:                            "not-json",
		"{\"at\":\"\xff\"}":           "not-json",
		`[]`:                          "invalid-field",
		`{"at":"now","relevant":"t"}`: "invalid-field (relevant)",
	} {
		if err := strict.Decode([]byte(raw), &body); err == nil || problem.From(err).Error() != want {
			t.Errorf("%s: %v, want %s", raw, err, want)
		}
	}
}

func reasonOf(err error) string {
	if err == nil {
		return ""
	}
	return problem.From(err).Reason
}
