package line

import (
	"regexp"

	"gallra.se/libs/problem"
	"gallra.se/libs/strict"
)

// code is a reason or a type: never prose, so that it may travel in an event.
var code = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)

func (l *Line) texts() (err error) {
	if l.SourceID, err = l.text("id"); err != nil {
		return err
	}
	if err := check("id", l.SourceID, strict.MaxName); err != nil {
		return err
	}
	for _, read := range []struct {
		name string
		into *string
	}{{"case", &l.Number}, {"reason", &l.Reason}, {"type", &l.CaseType}} {
		if _, ok := l.members[read.name]; !ok {
			continue
		}
		if *read.into, err = l.text(read.name); err != nil {
			return err
		}
		if err := check(read.name, *read.into, strict.MaxName); err != nil {
			return err
		}
	}
	if l.Reason != "" && !code.MatchString(l.Reason) {
		return problem.OnField("invalid-field", "reason")
	}
	if l.CaseType != "" && !l.Pack.KnownCaseType(l.CaseType) {
		return problem.OnField("invalid-field", "type")
	}
	return l.event()
}

// event of a correction: there is one that may be corrected.
func (l *Line) event() error {
	if l.Kind != PersonCorrected {
		return nil
	}
	event, err := l.text("event")
	if err == nil && event != Deregistered {
		err = problem.OnField("invalid-field", "event")
	}
	return err
}

// CheckText refuses text that is missing, too long or not clean.
func CheckText(name, text string) error {
	if text == "" {
		return problem.OnField("missing-field", name)
	}
	return check(name, text, strict.MaxText)
}

// PersonName reads the name of a person; it is kept in one form, and one that is not what it looks like is refused.
func PersonName(field, text string) (string, error) {
	if err := CheckText(field, text); err != nil {
		return "", err
	}
	return strict.PersonName(field, text)
}

// check refuses text that is too long or not clean; a name, number or code stands on one line.
func check(name, text string, limit int) error {
	if err := strict.Fits(name, text, limit); err != nil {
		return err
	}
	if limit == strict.MaxName {
		return strict.CleanLine(name, text)
	}
	return strict.Clean(name, text)
}
