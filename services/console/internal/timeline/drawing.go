package timeline

import (
	"time"

	"gallra.se/libs/calendar"
)

// Kinds of lanes.
const (
	Running   = "clock"
	Extension = "extension"
	Floor     = "floor"
	Held      = "hold"
	Bound     = "bound"
	Transfer  = "transfer"
)

// Drawing is a record's life. Every day in it lies on the axis but the one on which a sealed copy goes to the archive
// authority: it may be ten years later, and all else would shrink to a dot.
type Drawing struct {
	Ticks []Tick
	Today Percent
	Lanes []Lane
}

// Lane is one bar, or one day where Point is set.
type Lane struct {
	Kind    string
	Clock   Clock // of a clock
	Hold    Hold  // of a hold
	Decides bool  // the clock that the due date comes from

	Begins, Ends calendar.Date // Ends is zero where no end is known: the bar goes on to the edge
	Left, Width  Percent
	Point        bool
	Beyond       bool // it lies farther than the drawing reaches
}

// Late says that the lane begins so far to the right that its words must end there.
func (l Lane) Late() bool { return l.Left > 45 }

// Right is where the bar ends.
func (l Lane) Right() Percent { return l.Left + l.Width }

// Draw places everything that the record says on one axis. zone is the authority's.
func Draw(r Record, today calendar.Date, zone *time.Location) Drawing {
	lanes := lanesOf(r, zone)
	days := []calendar.Date{today}
	if d, ok := day(r.CollectedOn); ok {
		days = append(days, d)
	}
	for _, l := range lanes {
		for _, d := range []calendar.Date{l.Begins, l.Ends} {
			if !d.IsZero() && l.Kind != Transfer {
				days = append(days, d)
			}
		}
	}
	a := axisOf(days)
	for i := range lanes {
		lanes[i].place(a)
	}
	return Drawing{Ticks: a.ticks(), Today: Percent(a.at(today)), Lanes: lanes}
}

func (l *Lane) place(a axis) {
	l.Left = Percent(a.at(l.Begins))
	if l.Beyond = l.Left > 100-margin; l.Beyond {
		l.Left = 100 - margin
	}
	switch {
	case l.Point:
	case l.Ends.IsZero():
		l.Width = 100 - l.Left
	default:
		l.Width = max(Percent(a.at(l.Ends))-l.Left, 0.5)
	}
}

func lanesOf(r Record, zone *time.Location) []Lane {
	var lanes []Lane
	for _, c := range r.Clocks {
		begins, begun := day(c.D0)
		ends, ended := day(c.DueOn)
		if begun && ended {
			lanes = append(lanes, Lane{Kind: Running, Clock: c, Begins: begins, Ends: ends, Decides: c.Rule == r.Rule && c.DueOn == r.Due})
		}
	}
	for _, point := range []struct{ kind, on string }{{Extension, r.ExtendedUntil}, {Floor, r.Floor}} {
		if d, ok := day(point.on); ok {
			lanes = append(lanes, Lane{Kind: point.kind, Begins: d, Point: true})
		}
	}
	for _, h := range r.Holds {
		l := Lane{Kind: Held, Hold: h, Begins: calendar.DateOf(h.PlacedAt, zone)}
		if h.ReleasedAt != nil {
			l.Ends = calendar.DateOf(*h.ReleasedAt, zone)
		}
		lanes = append(lanes, l)
	}
	for _, point := range []struct{ kind, on string }{{Bound, r.Limits.Statutory}, {Transfer, r.ArchiveTransfer}} {
		if d, ok := day(point.on); ok {
			lanes = append(lanes, Lane{Kind: point.kind, Begins: d, Point: true})
		}
	}
	return lanes
}

func day(text string) (calendar.Date, bool) {
	d, err := calendar.ParseDate(text)
	return d, err == nil
}

// Why is the one sentence about a record that comes first.
type Why string

const (
	Gone     Why = "gone"     // it was destroyed
	Kept     Why = "kept"     // preserved until it is sealed to the archive
	Silent   Why = "silent"   // the notice states no end
	Waiting  Why = "waiting"  // past its day, and something holds it
	Idle     Why = "idle"     // nothing counts yet
	Promised Why = "promised" // its day is known
)

// Verdict says why the record is there, or not.
func Verdict(r Record, today calendar.Date) Why {
	due, dated := day(r.Due)
	switch {
	case r.State == "disposed":
		return Gone
	case dated && len(r.Paused) > 0 && !due.After(today):
		return Waiting
	case dated:
		return Promised
	case r.Preserved:
		return Kept
	case r.Silence != "":
		return Silent
	}
	return Idle
}
