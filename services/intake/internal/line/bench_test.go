package line_test

import (
	"testing"

	"gallra.se/services/intake/internal/line"
)

// BenchmarkJudge is what a line costs before anything is looked up or written.
func BenchmarkJudge(b *testing.B) {
	packs, raw := rules(b), []byte(call)
	for b.Loop() {
		given, err := line.Decode(raw)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := packs.Judge(given, noon); err != nil {
			b.Fatal(err)
		}
	}
}
