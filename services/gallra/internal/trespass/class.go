package trespass

import (
	"slices"
	"strings"

	"gallra.se/services/gallra/internal/credentials"
)

// class is one kind of thing that is done at the nats-server, and who may do it.
type class struct {
	name      string
	publish   string // a subject of the kind
	subscribe string // or one to listen on
	answered  bool   // it counts only when it is answered by what it is about
	may       []string
}

// forms are the ways to say it: JetStream of another account has another prefix.
func (c class) forms() []string {
	if c.subscribe != "" {
		return []string{c.subscribe}
	}
	if rest, ok := strings.CutPrefix(c.publish, "$JS.API."); ok {
		return []string{c.publish, "$JS." + credentials.Domain + ".API." + rest}
	}
	return []string{c.publish}
}

func (c class) mayBe(user string) bool { return slices.Contains(c.may, user) }

func publishing(name, subject string, may ...string) class {
	return class{name: name, publish: subject, may: may}
}

func listening(name, subject string, may ...string) class {
	return class{name: name, subscribe: subject, may: may}
}

func seeing(name, subject string, may ...string) class {
	return class{name: name, publish: subject, answered: true, may: may}
}
