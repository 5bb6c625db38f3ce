package trespass

import (
	"slices"
	"strings"
	"testing"

	"gallra.se/services/gallra/internal/credentials"
)

// covers says that a right includes a subject, which may itself be a pattern.
func covers(right, subject string) bool {
	rights, subjects := strings.Split(right, "."), strings.Split(subject, ".")
	for i, r := range rights {
		switch {
		case r == ">":
			return len(subjects) > i
		case i >= len(subjects) || subjects[i] == ">":
			return false
		case r != "*" && r != subjects[i]:
			return false
		}
	}
	return len(rights) == len(subjects)
}

func allowed(user credentials.User, c class) bool {
	rights := user.Publish
	if c.subscribe != "" {
		rights = user.Subscribe
	}
	return slices.ContainsFunc(c.forms(), func(form string) bool {
		return slices.ContainsFunc(rights, func(right string) bool { return covers(right, form) })
	})
}

func TestTheListOfUsersGivesWhatTheTableSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, user := range credentials.Users() {
		if user.Name == sys {
			continue
		}
		for _, c := range classes() {
			if c.answered && slices.Contains(makers, user.Name) {
				continue // a star: which streams there are in the account, a server must say
			}
			if got, want := allowed(user, c), c.mayBe(user.Name); got != want {
				t.Errorf("%s may %s: %v, the table says %v", user.Name, c.name, got, want)
			}
		}
	}
}

func TestEveryRightInTheListIsTriedBySomething(t *testing.T) {
	t.Parallel()
	for _, user := range credentials.Users() {
		for kind, rights := range map[bool][]string{false: user.Publish, true: user.Subscribe} {
			for _, right := range rights {
				tried := slices.ContainsFunc(classes(), func(c class) bool {
					return (c.subscribe != "") == kind && c.mayBe(user.Name) && slices.ContainsFunc(c.forms(), func(form string) bool { return covers(right, form) })
				})
				if !tried && right != "_INBOX_sys.>" {
					t.Errorf("%s: no class tries %s", user.Name, right)
				}
			}
		}
	}
}

func TestThoseWhoAreNamedInTheTableExist(t *testing.T) {
	t.Parallel()
	var known []string
	for _, user := range credentials.Users() {
		known = append(known, user.Name)
	}
	seen := map[string]bool{}
	for _, c := range classes() {
		if seen[c.name] {
			t.Errorf("%q is there twice", c.name)
		}
		seen[c.name] = true
		for _, name := range c.may {
			if !slices.Contains(known, name) {
				t.Errorf("%s: nobody is called %s", c.name, name)
			}
		}
	}
}
