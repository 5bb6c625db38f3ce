package page

import (
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"

	"gallra.se/services/console/internal/timeline"
)

// RecordView is one record's page.
type RecordView struct {
	Record  timeline.Record
	Drawing timeline.Drawing
	Why     timeline.Why
	Silence policy.Title // why the notice states no period
	Today   calendar.Date
}

// viewOf takes the words for a silence from the pack, which has them in both languages.
func viewOf(r timeline.Record, pack *policy.Pack, now time.Time, zone *time.Location) RecordView {
	today := calendar.DateOf(now, zone)
	v := RecordView{Record: r, Drawing: timeline.Draw(r, today, zone), Why: timeline.Verdict(r, today), Today: today,
		Silence: policy.Title{En: r.Silence, Sv: r.Silence}}
	if pack == nil {
		return v
	}
	if rule, silent := pack.Silence(r.Category, r.CaseType); silent {
		v.Silence = rule.Why
	}
	return v
}

func (v RecordView) tone() string {
	if v.Why == timeline.Waiting {
		return "broken"
	}
	if v.Why == timeline.Gone || v.Why == timeline.Promised && len(v.Record.Paused) == 0 {
		return "kept"
	}
	return "unknown"
}

func (v RecordView) height() int   { return v.top(len(v.Drawing.Lanes)) + axisBottom }
func (v RecordView) top(i int) int { return axisTop + i*laneHeight }

// fact is a line about the record.
type fact struct{ name, text string }

func (v RecordView) facts(t Texts) []fact {
	r := v.Record
	facts := []fact{{t.Record.Record, r.Record}, {t.Authority, r.Authority}, {t.Category, t.word(r.Category)}}
	for _, more := range []fact{
		{t.Record.CaseType, t.word(r.CaseType)}, {t.Record.State, t.word(r.State)}, {t.Record.Collected, r.CollectedOn}, {t.Record.PolicyVersion, r.PolicyVersion},
	} {
		if more.text != "" && more.text != "none" {
			facts = append(facts, more)
		}
	}
	return facts
}

// label is what stands above a bar.
func (v RecordView) label(t Texts, f Frame, l timeline.Lane) string {
	switch l.Kind {
	case timeline.Running:
		text := l.Clock.Rule + " · " + span(t, l.Clock.Period, l.Clock.Mode) + " · " + t.Record.GoneFrom + " " + l.Clock.DueOn
		if l.Decides {
			text += " · " + t.Record.Decides
		}
		return text
	case timeline.Held:
		return t.Record.Hold + ": " + t.word(l.Hold.Reason) + " · " + released(t, f, l.Hold)
	}
	text := pointName(t, l.Kind) + " " + l.Begins.String()
	if l.Beyond {
		text += " →"
	}
	return text
}

func released(t Texts, f Frame, h timeline.Hold) string {
	if h.ReleasedAt != nil {
		return t.Record.Released + " " + f.on(*h.ReleasedAt)
	}
	return t.Record.ReviewBy + " " + f.on(h.ReviewAt)
}

func pointName(t Texts, kind string) string {
	return map[string]string{timeline.Extension: t.Record.Extension, timeline.Floor: t.Record.Floor, timeline.Bound: t.Record.Bound,
		timeline.Transfer: t.Record.Transfer}[kind]
}

// row is a lane in words.
type row struct {
	what, small, from, trigger, period, last, gone, state string
	decides                                               bool
}

func (v RecordView) rows(t Texts, f Frame) []row {
	var rows []row
	for _, l := range v.Drawing.Lanes {
		switch l.Kind {
		case timeline.Running:
			c := l.Clock
			title := c.Title.En
			if t.Tag == "sv" {
				title = c.Title.Sv
			}
			rows = append(rows, row{what: c.Rule, small: title, from: c.D0, trigger: t.word(c.Trigger), period: span(t, c.Period, c.Mode),
				last: lastDay(l), gone: c.DueOn, state: stateOf(t, l), decides: l.Decides})
		case timeline.Held:
			rows = append(rows, row{what: t.Record.Hold, small: t.word(l.Hold.Reason) + ", " + t.word(l.Hold.Scope), from: l.Begins.String(), period: "–",
				last: dayOf(l.Ends), gone: "–", state: released(t, f, l.Hold)})
		default:
			rows = append(rows, row{what: pointName(t, l.Kind), from: "–", period: "–", last: l.Begins.String(), gone: "–", state: "–"})
		}
	}
	return rows
}

func stateOf(t Texts, l timeline.Lane) string {
	if l.Decides {
		return t.word(l.Clock.State) + ", " + t.Record.Decides
	}
	return t.word(l.Clock.State)
}

// lastDay is the last one on which it may be read.
func lastDay(l timeline.Lane) string { return l.Ends.AddDays(-1).String() }

func dayOf(d calendar.Date) string { return orDash(d.String()) }

// anchor keeps a label inside the drawing at either edge.
func anchor(at timeline.Percent) string {
	switch {
	case at < 12:
		return "start"
	case at > 88:
		return "end"
	}
	return "middle"
}

// laneText is where a lane's words begin, or end: at the edge, so that they have room on a phone.
func laneText(l timeline.Lane) string {
	if l.Late() {
		return "98%"
	}
	return "2%"
}

func laneAnchor(l timeline.Lane) string {
	if l.Late() {
		return "end"
	}
	return "start"
}
