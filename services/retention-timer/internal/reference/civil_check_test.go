package reference

import (
	"testing"
	"time"
	_ "time/tzdata"
)

// The model's calendar against the standard library's, which the service uses: every day of a century.
func TestTheModelsCalendarIsTheWorlds(t *testing.T) {
	t.Parallel()
	zones := map[zone]*time.Location{}
	for z, name := range map[zone]string{stockholm: "Europe/Stockholm", helsinki: "Europe/Helsinki"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones[z] = loc
	}
	d := day("2000-01-01")
	for w := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); w.Year() < 2070; w, d = w.AddDate(0, 0, 1), d.plusDays(1) {
		if d != (date{w.Year(), int(w.Month()), w.Day()}) || d.weekday() != int(w.Weekday()+6)%7 {
			t.Fatalf("%s is %s, weekday %d", w, d, d.weekday())
		}
		for z, loc := range zones {
			want := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, loc)
			if got := d.midnight(z); !got.Equal(want) || dayOf(got, z) != d || dayOf(got.Add(-time.Second), z) != d.plusDays(-1) {
				t.Fatalf("%s begins at %s in %s, want %s", d, got, loc, want)
			}
		}
	}
}

func TestThePeriodsOfTheNoticesEndOnTheirDays(t *testing.T) {
	t.Parallel()
	sentences := map[string]promise{"AFG-54": {"AFG-54", period{months: 120}, ceiling}, "AFG-43": {"AFG-43", period{months: 6}, exact}}
	for _, a := range authorities {
		for _, p := range append([]promise{a.identity, a.extended}, cases(a)...) {
			sentences[p.requirement] = p
		}
		for _, p := range a.contacts {
			sentences[p.requirement] = p
		}
	}
	for _, row := range []struct{ sentence, d0, gone string }{
		{"AFC-10", "2024-01-31", "2025-05-01"}, {"AFC-10", "2023-11-30", "2025-03-01"}, {"AFC-10", "2024-02-29", "2025-05-30"},
		{"AFC-21", "2024-01-31", "2024-03-01"}, {"AFC-21", "2025-01-31", "2025-03-02"}, {"AFC-21", "2024-03-03", "2024-04-02"},
		{"AFC-13", "2021-12-29", "2024-03-01"}, {"AFC-13", "2021-12-31", "2024-03-01"}, {"AFC-13", "2022-12-31", "2025-03-01"},
		{"AFC-13", "2024-02-29", "2026-04-30"}, {"AFC-13", "2022-11-30", "2025-01-31"}, {"AFC-13", "2025-09-15", "2027-11-16"},
		{"AFG-53", "2024-02-29", "2027-02-28"}, {"AFG-53", "2022-03-31", "2025-03-31"}, {"AFG-53", "2023-12-31", "2026-12-31"},
		{"AFG-54", "2026-03-01", "2036-03-01"}, {"AFG-54", "2028-02-29", "2038-02-28"},
		{"AFG-42", "2024-02-29", "2026-03-01"}, {"AFG-42", "2024-05-31", "2026-06-01"}, {"AFG-43", "2024-08-31", "2025-03-01"},
		{"KSC-13", "2025-08-31", "2026-03-01"}, {"KSC-13", "2024-08-30", "2025-03-01"},
		{"KSC-14", "2025-08-31", "2026-08-31"}, {"KSC-14", "2024-02-29", "2025-02-28"},
		{"KSC-17", "2025-10-15", "2026-04-14"}, {"KSC-17", "2025-03-01", "2025-08-29"},
		{"KSC-18", "2024-02-29", "2025-03-01"}, {"KSC-18", "2024-08-30", "2025-08-31"},
		{"STH-17", "2024-02-29", "2024-03-01"},
		{"STH-19", "2025-06-08", "2025-06-09"}, {"STH-19", "2025-06-09", "2025-06-16"}, {"STH-19", "2024-12-31", "2025-01-06"},
	} {
		if got := sentences[row.sentence].goneFrom(day(row.d0)); got != day(row.gone) {
			t.Errorf("%s from %s: gone from %s, want %s", row.sentence, row.d0, got, row.gone)
		}
	}
}

func cases(a authority) (out []promise) {
	for _, c := range a.cases {
		out = append(out, c.closed, c.person, c.drafts)
	}
	return out
}
