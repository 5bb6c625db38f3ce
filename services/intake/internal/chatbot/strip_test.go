package chatbot

import (
	"strings"
	"testing"
	"unicode"
)

// identifiers in the spellings that people use.
var identifiers = []string{
	"197602102381", "19760210-2381", "760210-2381", "760210+2381", "760210 2381", "7602102381", "1976 02 10 2381", "1976-02-10-2381",
	"19 76 02 10 23 81", "１９７６０２１０２３８１", "1976\u200b0210\u200b2381", "070503A9886", "070503 A 9886", "010594y903p", "020594X903P",
	"070-123 45 67", "+46 70 123 45 67", "0046701234567", "(08) 123 456 78", "+358 40 1234567",
	"disa@example.se", "disa.kanariefem@example.se", "disa @ example.se", "disa(at)example.se",
	"I am Disa Kanariefem", "i'm Disa", "my name is disa", "My name is Disa Kanariefem", "jag heter Åsa Öberg-Kanariefem", "Jag är Disa av Kanariefem", "nimeni on Pirkko",
}

// AFC-26
func TestAnIdentifierInAnySpellingChangesNoAnswer(t *testing.T) {
	t.Parallel()
	for _, plain := range []string{"How do I register as a job-seeker?", "hur rapporterar jag aktiviteter, aktivitetsrapport", "asdf", "Can I talk to an officer on the phone"} {
		want := Question{[]byte(plain)}.Answer()
		for _, id := range identifiers {
			for _, text := range []string{plain + " " + id, id + ", " + plain, id + "\n" + plain} {
				if got := (Question{[]byte(text)}).Answer(); got != want {
					t.Errorf("%q is answered with %s, %q with %s", text, got.ID, plain, want.ID)
				}
			}
		}
	}
}

func TestNothingIsLeftOfAnIdentifier(t *testing.T) {
	t.Parallel()
	for _, id := range identifiers {
		left := string(Stripped([]byte("please " + id + ", what now?")))
		for _, part := range []string{"disa", "kanariefem", "example", "åsa", "öberg", "pirkko", "2381", "9886", "903", "4567", "456"} {
			if strings.Contains(strings.ToLower(left), part) {
				t.Errorf("%q leaves %q", id, left)
			}
		}
		if !strings.Contains(left, "please") || !strings.Contains(left, "what now?") {
			t.Errorf("%q took more than itself: %q", id, left)
		}
	}
}

func TestWhatNamesNobodyStays(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"I am unemployed since 2024", "jag är arbetslös", "what is § 16 and 2.381 kr", "at 10.30 on 3 May"} {
		if left := string(Stripped([]byte(text))); left != text {
			t.Errorf("%q became %q", text, left)
		}
	}
}

func FuzzStripped(f *testing.F) {
	for _, id := range identifiers {
		f.Add([]byte(id), uint8(3))
	}
	f.Add([]byte("\xff\xfe 1\x002"), uint8(0))
	f.Fuzz(func(t *testing.T, text []byte, _ uint8) {
		once := Stripped(text)
		run := 0
		for _, r := range string(once) {
			switch {
			case unicode.Is(unicode.Nd, r):
				run++
			default:
				run = 0
			}
			if run >= tells {
				t.Fatalf("%q keeps a number: %q", text, once)
			}
		}
		Find(once)
	})
}
