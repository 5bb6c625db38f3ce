package strict_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"gallra.se/libs/strict"
)

func TestANameThatIsNotWhatItLooksLikeIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a Cyrillic letter in a Latin name": "\u0410nna Kanarie",
		"a Greek letter in a Latin name":    "Anna K\u03b1narie",
		"a Latin letter in a Cyrillic name": "\u0410\u043da",
		"a turn of direction":               "Anna \u202eeiranaK",
		"an isolate":                        "Anna \u2066Kanarie\u2069",
		"a mark of direction":               "Anna\u200f Kanarie",
		"a soft hyphen":                     "An\u00adna",
		"a zero-width space":                "An\u200bna",
		"a word joiner":                     "An\u2060na",
		"a byte order mark":                 "\ufeffAnna",
		"a tag":                             "Anna\U000e0041",
		"two lines":                         "Anna\nKanarie",
		"a header":                          "Anna\r\nSet-Cookie: a=b",
		"a tab":                             "Anna\tKanarie",
		"a separator of lines":              "Anna\u2028Kanarie",
		"a zero byte":                       "Anna\x00",
		"no character":                      "Anna\ufffe",
	} {
		if kept, err := strict.PersonName("name", text); reasonOf(err) != "invalid-text" || kept != "" {
			t.Errorf("%s: kept %q, %v", name, kept, err)
		}
	}
}

func TestNamesOfTheWorldAreKeptInTheirComposedForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Anna-Karin af Kanarie, d.y.": "Anna-Karin af Kanarie, d.y.",
		"A\u030ake Ostro\u0308m":      "Åke Oström",
		"Åke Öström":                  "Åke Öström",
		"Ольга Канарейка":             "Ольга Канарейка",
		"Ольга Kanarie":               "Ольга Kanarie", // two words, each in its own script
		"Ελένη Καναρίνη":              "Ελένη Καναρίνη",
		"محمد كناري":                  "محمد كناري",
		"می\u200cخواهم":               "می\u200cخواهم",
		"Nguye\u0302\u0303n":          "Nguy\u1ec5n",
		"金絲雀":                         "金絲雀",
		"O'Kanarie":                   "O'Kanarie",
		strings.Repeat("A\u030a", 3):  "ÅÅÅ",
		"":                            "",
	} {
		if kept, err := strict.PersonName("name", text); err != nil || kept != want {
			t.Errorf("%+q: kept %+q, %v", text, kept, err)
		}
	}
}

func TestATextMayTurnNothingAround(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a\u202eb", "a\u2067b\u2069", "a\U000e0065b", "a\x1bb", "a\u0085b", "a\ufff9b", "a\U0001fffeb"} {
		if err := strict.Clean("text", text); reasonOf(err) != "invalid-text" {
			t.Errorf("%+q passed", text)
		}
	}
	for _, text := range []string{"a\tb\nc", "שלום\u200f (hello)", "👩\u200d👧", "a\u00adb", "na\u0308r", "a\u2028b", "\ufeffa"} {
		if err := strict.Clean("text", text); err != nil {
			t.Errorf("%+q: %v", text, err)
		}
	}
	for _, text := range []string{"a\tb", "a\nb", "a\r\nb", "a\u2028b", "a\u2029b", "\ufeffa", "a\u202eb"} {
		if err := strict.CleanLine("id", text); reasonOf(err) != "invalid-text" {
			t.Errorf("%+q passed", text)
		}
	}
}

func FuzzPersonName(f *testing.F) {
	for _, seed := range []string{"Anna Kanarie", "A\u030ake", "\u0410nna", "a\u202eb", "\xff", "金絲雀"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		kept, err := strict.PersonName("name", text)
		if err != nil {
			return
		}
		if !norm.NFC.IsNormalString(kept) || utf8.ValidString(text) != utf8.ValidString(kept) {
			t.Fatalf("%+q is kept as %+q", text, kept)
		}
		if again, err := strict.PersonName("name", kept); err != nil || again != kept {
			t.Fatalf("what is kept is not taken: %+q, %v", again, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"at":"now","list":["a"],"yes":true}`, `{"AT":1}`, `{"at":"\ud800"}`, `{}{}`, `[]`, "{\"at\":\"\xff\"}", `{"at":"a","at":"b"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var body struct {
			At   string   `json:"at"`
			List []string `json:"list"`
			Yes  bool     `json:"yes"`
		}
		err := strict.Decode(raw, &body)
		switch reasonOf(err) {
		case "", "not-json", "unknown-field", "invalid-field":
		default:
			t.Fatalf("refused with %v", err)
		}
		members, whole := strict.Object(raw)
		if err == nil && string(raw) != "null" && !whole && strings.TrimSpace(string(raw)) != "null" {
			t.Fatalf("%q was decoded and is no object", raw)
		}
		if _, canonical, lineErr := strict.Line(raw); lineErr == nil {
			if _, again, err := strict.Line(canonical); err != nil || string(again) != string(canonical) {
				t.Fatalf("the canonical form has another one: %v", err)
			}
			for name, value := range members {
				_, _ = strict.TextOf(name, value)
			}
		}
	})
}
