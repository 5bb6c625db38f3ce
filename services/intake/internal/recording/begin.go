package recording

import (
	"time"

	"gallra.se/libs/calendar"
	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
	"gallra.se/services/intake/internal/subject"
)

// Given is what the telephony system says of a call that begins.
type Given struct {
	Call   string            // its own name of the call
	Line   string            // that the call is on
	Person map[string]string // who calls, as far as is known; nil when nobody asked
	At     string            // RFC 3339
}

// Begun is a recording that may begin.
type Begun struct {
	Line      string
	StartedAt time.Time
	StartedOn calendar.Date
	Index     subject.Kept // by which the recording is found (KSC-11)
}

// Identified says whether it is known who calls.
func (b Begun) Identified() bool { return b.Index.Fields[subject.NationalID] != "" }

// Begin refuses a call on a line that is never recorded (KSC-09), and one of which the customer was not told before
// (KSC-15): told is when that was, zero for never.
func Begin(pack *policy.Pack, g Given, told, now time.Time, simulated bool) (Begun, error) {
	rules, ok := pack.Recording()
	if !ok {
		return Begun{}, problem.New("unknown-channel")
	}
	at, err := g.judge(now)
	if err != nil {
		return Begun{}, err
	}
	if _, err := recorded(rules, g.Line); err != nil {
		return Begun{}, err
	}
	if told.IsZero() || told.After(at) {
		return Begun{}, problem.ByRule("denied", rules.NoticeRequirement)
	}
	b := Begun{Line: g.Line, StartedAt: at, StartedOn: calendar.DateOf(at, pack.Zone)}
	b.Index, err = subject.Rules{Pack: pack, Store: rules.Index, On: b.StartedOn, Simulated: simulated}.Keep(g.Person)
	return b, err
}

func (g Given) judge(now time.Time) (time.Time, error) {
	if g.Call == "" {
		return time.Time{}, problem.OnField("missing-field", "call")
	}
	if err := name("call", g.Call); err != nil {
		return time.Time{}, err
	}
	return Moment("at", g.At, now)
}

// Tell judges the notice that a call is recorded: on any line that there is.
func Tell(pack *policy.Pack, call, line, at string, now time.Time) (time.Time, error) {
	rules, ok := pack.Recording()
	if !ok {
		return time.Time{}, problem.New("unknown-channel")
	}
	if err := name("call", call); err != nil {
		return time.Time{}, err
	}
	if _, err := known(rules, line); err != nil {
		return time.Time{}, err
	}
	return Moment("at", at, now)
}

// known refuses a line that the pack does not name.
func known(rules policy.Recording, line string) (policy.Line, error) {
	if line == "" {
		return policy.Line{}, problem.OnField("missing-field", "line")
	}
	l, ok := rules.Line(line)
	if !ok {
		return policy.Line{}, problem.OnField("invalid-field", "line")
	}
	return l, nil
}

// recorded refuses a line that is never recorded.
func recorded(rules policy.Recording, line string) (policy.Line, error) {
	l, err := known(rules, line)
	if err == nil && !l.Recorded {
		err = problem.ByRule("denied", requirement(l, rules))
	}
	return l, err
}

// requirement of a line that is never recorded.
func requirement(l policy.Line, rules policy.Recording) string {
	if l.Requirement != "" {
		return l.Requirement
	}
	return rules.LineRequirement
}

func name(field, text string) error {
	if err := strict.Fits(field, text, strict.MaxName); err != nil {
		return err
	}
	return strict.Clean(field, text)
}

// Moment reads a time that a sender gives, RFC 3339, which is not ahead of now by more than clocks differ.
func Moment(field, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, problem.OnField("missing-field", field)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.After(now.Add(skew)) || at.Year() < 1900 {
		return time.Time{}, problem.OnField("invalid-time", field)
	}
	return at.UTC().Truncate(time.Microsecond), nil
}
