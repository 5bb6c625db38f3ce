package timeline_test

import (
	"strings"
	"testing"
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/services/console/internal/timeline"
)

func note() timeline.Record {
	r := timeline.Record{Record: "r", Category: "case.note", State: "running", Rule: "AFC-13", Due: "2024-07-17", CollectedOn: "2022-01-17",
		Clocks: []timeline.Clock{
			{Rule: "AFC-13", Trigger: "deregistered", D0: "2022-05-16", E: "2024-07-16", DueOn: "2024-07-17", Period: "26 months", Limit: "normal"},
			{Rule: "AFG-53", Trigger: "case-closed", D0: "2022-05-16", E: "2025-05-16", DueOn: "2025-05-16", Period: "3 years", Limit: "ceiling"},
		}}
	r.Limits.Statutory = "2025-12-31"
	return r
}

func TestEveryDayOfARecordLiesOnTheAxisInItsOrder(t *testing.T) {
	t.Parallel()
	r := note()
	r.Holds = []timeline.Hold{{Hold: "h", Scope: "person", Reason: "complaint", PlacedAt: time.Date(2024, 7, 1, 22, 30, 0, 0, time.UTC)}}
	d := timeline.Draw(r, calendar.MustDate("2024-07-10"), stockholm(t))
	if len(d.Lanes) != 4 {
		t.Fatalf("%d lanes: %+v", len(d.Lanes), d.Lanes)
	}
	normal, ceiling, hold, bound := d.Lanes[0], d.Lanes[1], d.Lanes[2], d.Lanes[3]
	if !normal.Decides || ceiling.Decides {
		t.Error("the normal limit decides, and it alone")
	}
	if normal.Left != ceiling.Left || normal.Right() >= ceiling.Right() || ceiling.Right() >= bound.Left {
		t.Errorf("%v %v %v", normal, ceiling, bound)
	}
	if hold.Begins != calendar.MustDate("2024-07-02") || hold.Right() != 100 {
		t.Errorf("an open hold: %+v", hold)
	}
	if d.Today <= hold.Left || d.Today >= normal.Right() {
		t.Errorf("today is at %v, the hold begins at %v and the period ends at %v", d.Today, hold.Left, normal.Right())
	}
	for _, l := range d.Lanes {
		if l.Left < 0 || l.Right() > 100 {
			t.Errorf("off the axis: %+v", l)
		}
	}
}

func TestTheArchiveMayLieBeyondTheDrawing(t *testing.T) {
	t.Parallel()
	r := note()
	r.ArchiveTransfer = "2038-07-17"
	d := timeline.Draw(r, calendar.MustDate("2024-07-10"), stockholm(t))
	if last := d.Lanes[len(d.Lanes)-1]; last.Kind != timeline.Transfer || !last.Beyond || last.Left != 98 || d.Lanes[2].Beyond {
		t.Errorf("%+v", d.Lanes)
	}
	if last := d.Ticks[len(d.Ticks)-1].Label; !strings.HasPrefix(last, "2025") {
		t.Errorf("the axis goes on to %s", last)
	}
}

func TestTheAxisHasAsManyMarksAsAPhoneCanShow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ collected, due, first string }{
		{"2025-06-10", "2025-07-10", "2025-07"}, {"2021-01-04", "2026-03-01", "2022"}, {"2020-06-01", "2090-01-01", "2030"},
	} {
		r := timeline.Record{CollectedOn: c.collected, Clocks: []timeline.Clock{{D0: c.collected, DueOn: c.due}}}
		d := timeline.Draw(r, calendar.MustDate(c.collected), stockholm(t))
		if len(d.Ticks) == 0 || len(d.Ticks) > 7 || d.Ticks[0].Label != c.first {
			t.Errorf("%s to %s: %+v", c.collected, c.due, d.Ticks)
		}
	}
}

func TestARecordOfOneDayCanBeDrawn(t *testing.T) {
	t.Parallel()
	d := timeline.Draw(timeline.Record{CollectedOn: "2025-06-10"}, calendar.MustDate("2025-06-10"), stockholm(t))
	if d.Today != 2 || len(d.Lanes) != 0 {
		t.Errorf("%+v", d)
	}
}

func TestTheFirstSentenceIsWhatMattersMost(t *testing.T) {
	t.Parallel()
	today := calendar.MustDate("2024-07-17")
	for want, change := range map[timeline.Why]func(*timeline.Record){
		timeline.Gone:     func(r *timeline.Record) { r.State = "disposed" },
		timeline.Waiting:  func(r *timeline.Record) { r.Paused = []string{"hold"} },
		timeline.Promised: func(r *timeline.Record) { r.Due, r.Paused = "2024-07-18", []string{"hold"} },
		timeline.Kept:     func(r *timeline.Record) { r.Due, r.Preserved = "none", true },
		timeline.Silent:   func(r *timeline.Record) { r.Due, r.Silence = "none", "the notice is silent" },
		timeline.Idle:     func(r *timeline.Record) { r.Due, r.State = "none", "idle" },
	} {
		r := note()
		change(&r)
		if found := timeline.Verdict(r, today); found != want {
			t.Errorf("%s, want %s", found, want)
		}
	}
}

func stockholm(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
