package calendar

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

var (
	dates   = rapid.Custom(func(t *rapid.T) Date { return MustDate("1990-01-01").AddDays(rapid.IntRange(0, 36_525).Draw(t, "day")) })
	periods = rapid.Custom(func(t *rapid.T) Period {
		if rapid.Bool().Draw(t, "in months") {
			return Period{Months: rapid.IntRange(1, 240).Draw(t, "months")}
		}
		return Period{Days: rapid.IntRange(1, 4000).Draw(t, "days")}
	})
	modes = rapid.SampledFrom([]Mode{Exact, Ceiling})
)

func TestALaterEventNeverEndsEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, p, m := dates.Draw(t, "d0"), periods.Draw(t, "period"), modes.Draw(t, "mode")
		later := d.AddDays(rapid.IntRange(0, 800).Draw(t, "later by"))
		if GoneFrom(later, p, m).Before(GoneFrom(d, p, m)) {
			t.Fatalf("%s is gone before %s", later, d)
		}
	})
}

func TestExactIsGoneOneDayAfterTheCeiling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, p := dates.Draw(t, "d0"), periods.Draw(t, "period")
		if GoneFrom(d, p, Exact) != GoneFrom(d, p, Ceiling).AddDays(1) {
			t.Fatal("the two modes are not a day apart")
		}
	})
}

func TestMonthsKeepTheDayNumberOrEndTheMonth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, n := dates.Draw(t, "d0"), rapid.IntRange(1, 240).Draw(t, "months")
		e := End(d, Period{Months: n})
		if months := (e.Year-d.Year)*12 + int(e.Month-d.Month); months != n {
			t.Fatalf("%d months lie between %s and %s, want %d", months, d, e, n)
		}
		if e.Day != d.Day && (e.Day > d.Day || e.AddDays(1).Day != 1) {
			t.Fatalf("%s + %d months = %s: neither the same number nor the last day", d, n, e)
		}
	})
}

func TestTwentySixMonthsAreOneStep(t *testing.T) {
	t.Parallel()
	differ := 0
	for d := MustDate("2021-01-01"); d.Before(MustDate("2031-01-02")); d = d.AddDays(1) {
		if End(d, Period{Months: 26}) != End(End(d, Period{Months: 15}), Period{Months: 11}) {
			differ++
		}
	}
	if differ == 0 {
		t.Fatal("two steps never differ from one: the calendar adds months wrongly")
	}
	if e := End(MustDate("2027-12-31"), Period{Months: 26}); e != MustDate("2030-02-28") {
		t.Fatalf("26 months from 2027-12-31 end on %s", e)
	}
}

func TestMidnightExistsOnEveryDay(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Stockholm", "Europe/Helsinki"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			d := dates.Draw(t, "day")
			local := Midnight(d, loc).In(loc)
			if DateOf(local, loc) != d || local.Hour() != 0 || local.Minute() != 0 {
				t.Fatalf("00:00 on %s is %s", d, local)
			}
			if DateOf(local.Add(-time.Second), loc) != d.AddDays(-1) {
				t.Fatalf("the second before 00:00 on %s is not the day before", d)
			}
		})
	}
}

func TestADateSurvivesItsTextAndItsColumn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := dates.Draw(t, "date")
		var fromText, fromColumn Date
		text, _ := d.MarshalText()
		value, _ := d.Value()
		if err := fromText.UnmarshalText(text); err != nil || fromText != d {
			t.Fatalf("text %s: %v, %v", text, fromText, err)
		}
		if err := fromColumn.Scan(value); err != nil || fromColumn != d {
			t.Fatalf("column %v: %v, %v", value, fromColumn, err)
		}
	})
}

func TestTheWeeklySweepComesOnTheFirstMondayAfterTheEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, p := dates.Draw(t, "d0"), periods.Draw(t, "period")
		e, gone := End(d, p), GoneFrom(d, p, Weekly)
		if gone.Weekday() != time.Monday || !gone.After(e) || gone.After(e.AddDays(7)) {
			t.Fatalf("the period ends on %s and the sweep comes on %s, a %s", e, gone, gone.Weekday())
		}
	})
}
