package keyring

import (
	"fmt"
	"testing"
)

// BenchmarkNewUnit makes units for many callers at once. PostgreSQL does not
// sync here.
func BenchmarkNewUnit(b *testing.B) {
	ring := newHome(b).open(b)
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := ring.NewUnit(b.Context(), ref(), ByDay("contact.chat", "2024-01-31")); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "units/s")
}

// BenchmarkDestroyOne is the sweep of one record, with a page table of a
// thousand and of ten thousand pages: it must be cheap.
func BenchmarkDestroyOne(b *testing.B) {
	for _, pages := range []int{1_000, 10_000} {
		b.Run(fmt.Sprintf("%d pages", pages), func(b *testing.B) {
			home := newHome(b)
			ring := home.open(b)
			var wanted []Wanted
			for i := range pages {
				wanted = append(wanted, Wanted{Ref: ref(), Page: ByDay("contact.chat", fmt.Sprint(i))})
				if len(wanted) == 500 {
					_, err := ring.NewUnits(b.Context(), wanted)
					must(b, err)
					wanted = nil
				}
			}
			for b.Loop() {
				b.StopTimer()
				gone, _ := sealed(b, ring, Shared("person"))
				b.StartTimer()
				must(b, ring.Destroy(b.Context(), []UnitRef{gone}))
			}
		})
	}
}

// BenchmarkDestroyMany destroys 2000 units of one day, page by page.
func BenchmarkDestroyMany(b *testing.B) {
	ring := newHome(b).open(b)
	for b.Loop() {
		b.StopTimer()
		wanted, refs := make([]Wanted, 2000), make([]UnitRef, 2000)
		for i := range wanted {
			refs[i] = ref()
			wanted[i] = Wanted{Ref: refs[i], Page: ByDay("contact.chat", "2024-01-31")}
		}
		_, err := ring.NewUnits(b.Context(), wanted)
		must(b, err)
		b.StartTimer()
		must(b, ring.Destroy(b.Context(), refs))
	}
	b.ReportMetric(2000*float64(b.N)/b.Elapsed().Seconds(), "units/s")
}
