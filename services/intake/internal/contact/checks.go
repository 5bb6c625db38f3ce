package contact

import (
	"slices"
	"time"

	"gallra.se/libs/policy"
	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

func (g Given) unknownField(pack *policy.Pack) error {
	strangers := slices.Clone(g.Strangers)
	for name := range g.Fields {
		if !pack.KnownField(name) {
			strangers = append(strangers, name)
		}
	}
	if len(strangers) == 0 {
		return nil
	}
	return strict.Unknown(slices.Min(strangers)) // the same line is refused alike each time
}

func (g Given) misshapen() error {
	if len(g.Misshapen) == 0 {
		return nil
	}
	return strict.OnField("invalid-field", slices.Min(g.Misshapen))
}

func (g Given) missingField(channel policy.Channel) error {
	for _, name := range []string{"id", "at", "endedAt"} {
		if !g.Present[name] {
			return problem.OnField("missing-field", name)
		}
	}
	if g.ID == "" {
		return problem.OnField("missing-field", "id")
	}
	for _, name := range channel.Required.For(g.Identified) {
		if g.Fields[name] == "" {
			return problem.OnField("missing-field", name)
		}
	}
	if g.Note != nil {
		return g.Note.missingField()
	}
	return nil
}

func (n GivenNote) missingField() error {
	if !n.Present["relevant"] {
		return problem.OnField("missing-field", "relevant")
	}
	if n.Relevant && n.Case == "" {
		return problem.OnField("missing-field", "case")
	}
	if n.Relevant && n.Text == "" {
		return problem.OnField("missing-field", "text")
	}
	return nil
}

// skew is how far a sender's clock may be ahead of ours.
const skew = 5 * time.Minute

func (g Given) invalidTime(now time.Time) error {
	for _, told := range []struct{ name, text string }{{"at", g.At}, {"startedAt", g.StartedAt}, {"endedAt", g.EndedAt}} {
		if !g.Present[told.name] {
			continue
		}
		if _, err := Moment(told.name, told.text, now); err != nil {
			return problem.OnField("invalid-time", told.name)
		}
	}
	if _, started, ended := g.times(); !started.IsZero() && ended.Before(started) {
		return problem.OnField("invalid-time", "endedAt")
	}
	return nil
}

// times are in UTC; one that was not given or does not parse is zero.
func (g Given) times() (at, started, ended time.Time) {
	parse := func(s string) time.Time {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return time.Time{}
		}
		return t.UTC().Truncate(time.Microsecond)
	}
	return parse(g.At), parse(g.StartedAt), parse(g.EndedAt)
}

// each calls f for every text of the line.
func (g Given) each(f func(name, text string) error) error {
	texts := map[string]string{"id": g.ID, "line": g.Line, "source": g.Source, "service": g.Service, "campaign": g.Campaign}
	for name, text := range g.Fields {
		texts[name] = text
	}
	if g.Note != nil {
		texts["note.case"], texts["note.text"] = g.Note.Case, g.Note.Text
	}
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := f(name, texts[name]); err != nil {
			return err
		}
	}
	return nil
}

func (g Given) invalidText() error {
	if len(g.Mangled) > 0 {
		return strict.OnField("invalid-text", slices.Min(g.Mangled))
	}
	return g.each(Cleanly)
}

func (g Given) tooLarge() error {
	return g.each(func(name, text string) error {
		limit := strict.MaxText
		if slices.Contains(codes, name) {
			limit = strict.MaxName
		}
		return strict.Fits(name, text, limit)
	})
}
