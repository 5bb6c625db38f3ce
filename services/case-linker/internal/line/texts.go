package line

import (
	"regexp"
	"strings"
	"unicode"

	"gallra.se/libs/problem"
)

const (
	maxText = 256 << 10
	maxName = 256
)

// code is a reason or a type: never prose, so that it may travel in an event.
var code = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)

func (l *Line) texts() (err error) {
	if l.SourceID, err = l.text("id"); err != nil {
		return err
	}
	if err := check("id", l.SourceID, maxName); err != nil {
		return err
	}
	for name, into := range map[string]*string{"case": &l.Number, "reason": &l.Reason, "type": &l.CaseType} {
		if _, ok := l.members[name]; !ok {
			continue
		}
		if *into, err = l.text(name); err != nil {
			return err
		}
		if err := check(name, *into, maxName); err != nil {
			return err
		}
	}
	if l.Reason != "" && !code.MatchString(l.Reason) {
		return problem.OnField("invalid-field", "reason")
	}
	if l.CaseType != "" && !l.Pack.KnownCaseType(l.CaseType) {
		return problem.OnField("invalid-field", "type")
	}
	return nil
}

// CheckText refuses text that is missing, too long or not clean.
func CheckText(name, text string) error {
	if text == "" {
		return problem.OnField("missing-field", name)
	}
	return check(name, text, maxText)
}

// check refuses text that is too long or holds control characters other than tab and newline.
func check(name, text string, limit int) error {
	if len(text) > limit {
		return problem.OnField("too-large", name)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' }) {
		return problem.OnField("invalid-text", name)
	}
	return nil
}
