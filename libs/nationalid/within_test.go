package nationalid

import (
	"strings"
	"testing"

	"gallra.se/libs/calendar"
)

func TestANumberIsFoundInATextInAnySpelling(t *testing.T) {
	t.Parallel()
	on := calendar.MustDate("2025-04-02")
	for _, text := range []string{
		"course, participant 199201252385", "19920125-2385", "920125-2385", "920125+2385", "9201252385", "19920125 2385", "1992 01 25 23 85",
		"(920125–2385)", "920125‑2385", "920125 - 2385", "１９９２０１２５２３８５", "١٩٩٢٠١٢٥٢٣٨٥", "x920125-2385y", "ref 77 920125-2385",
		"920125\u200b-2385", "920125\u00a02385", "invoice 1920125-2385", "a\n9201252385\n", "960964-238" + string(luhn("960964238")),
	} {
		if !Within("SE", text, on) {
			t.Errorf("not found: %q", text)
		}
	}
	for _, text := range []string{"", "1200", "2025-04-02", "556016-0680", "070-174 06 05", "920125-2386", "5560160680", "SE 556677-0011", "Bankgiro 5050-1055", "010594Y9032"} {
		if Within("SE", text, on) {
			t.Errorf("found: %q", text)
		}
	}
	for text, want := range map[string]bool{"asiakas 010594Y9032.": true, "010594y9032": true, "010594 Y 9032": true, "010594Y9033": false, "199201252385": false} {
		if Within("FI", text, on) != want {
			t.Errorf("Finnish, %q: %v", text, !want)
		}
	}
}

func FuzzWithin(f *testing.F) {
	for _, seed := range []string{"course, participant", "77", "920125", "-", "１９", "\xff", "٣"} {
		f.Add(seed, seed)
	}
	on := calendar.MustDate("2025-04-02")
	f.Fuzz(func(t *testing.T, before, after string) {
		Within("FI", before+after, on)
		// Letters around it hide no number.
		letters := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r >= 'a' && r <= 'z' {
					return r
				}
				return 'x'
			}, s)
		}
		if !Within("SE", letters(before)+"19920125-2385"+letters(after), on) {
			t.Fatalf("hidden by %q and %q", before, after)
		}
		Within("SE", before+"920125"+after+"2385", on)
	})
}
