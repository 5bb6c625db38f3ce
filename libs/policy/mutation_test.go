package policy

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// fault is how every sentence about a pack begins; a YAML syntax error names the line alone.
var fault = regexp.MustCompile(`^probe/[a-z]+\.yaml(:[0-9]+:[0-9]+)?: `)

// TestAMangledPackIsReadOrRefusedAndNeverWorse: whatever happens to the lines of a pack, it is a pack or a list of faults.
func TestAMangledPackIsReadOrRefusedAndNeverWorse(t *testing.T) {
	t.Parallel()
	lines := strings.Split(soundPack(t), "\n")
	rapid.Check(t, func(t *rapid.T) {
		mangled := append([]string(nil), lines...)
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			i, j := rapid.IntRange(0, len(mangled)-1).Draw(t, "line"), rapid.IntRange(0, len(lines)-1).Draw(t, "other")
			switch rapid.IntRange(0, 5).Draw(t, "how") {
			case 0:
				mangled = append(mangled[:i], mangled[i+1:]...)
			case 1:
				mangled[i] = lines[j]
			case 2:
				mangled[i] = "  " + mangled[i]
			case 3:
				mangled[i] = strings.TrimPrefix(mangled[i], "  ")
			case 4:
				key, _, _ := strings.Cut(mangled[i], ":")
				mangled[i] = key + ": " + rapid.SampledFrom([]string{"", "null", "[]", "{}", "[[]]", "{a: b}", "0", "\"\"", "- x", "*x", "&x y", "9999 years", "true"}).Draw(t, "value")
			case 5:
				k := rapid.IntRange(0, len(mangled[i])).Draw(t, "at")
				mangled[i] = mangled[i][:k] + rapid.StringN(0, 3, 12).Draw(t, "text") + mangled[i][k:]
			}
		}
		p, err := Parse("probe", map[string]string{"pack.yaml": strings.Join(mangled, "\n")})
		if (p == nil) == (err == nil) {
			t.Fatalf("a pack %v and an error %v", p, err)
		}
		for _, sentence := range Faults(err) {
			if !fault.MatchString(sentence) {
				t.Fatalf("no place in %q", sentence)
			}
		}
	})
}
