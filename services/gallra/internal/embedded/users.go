package embedded

import "slices"

// The accounts. Nothing passes between them: what analysts get, the pseudonymiser
// publishes into STATS itself.
const (
	AccountCore  = "CORE"
	AccountStats = "STATS"
	AccountSys   = "SYS"
)

// User is one login at the nats-server with all that it may do. What is not listed is
// denied.
type User struct {
	Name      string
	Account   string
	Publish   []string
	Subscribe []string
	Responds  bool // may answer a request that it received
}

// InboxPrefix is where the answers to a user's requests arrive; nobody else may listen
// there.
func InboxPrefix(user string) string { return "_INBOX_" + user }

// Users is the whole list. A service may publish on its own context, read the streams
// that it consumes, answer on its own subjects, follow the clock and report how far it
// is.
func Users() []User {
	return []User{
		service("intake", "contact", streams("EV_RETENTION", "EV_CASE"), "in.*.contact"),
		service("case-linker", "case", streams("EV_CONTACT", "EV_RETENTION"), "in.*.person", "in.*.case"),
		service("retention-timer", "retention", streams("EV_CONTACT", "EV_CASE")),
		service("statistics-pseudonymiser", "", streams("EV_CASE")),
		asking(service("disclosure", "disclosure", nil), "ask.case-linker.resolve", "ask.case-linker.disclose"),
		service("ledger", "ledger", streams("EV_CONTACT", "EV_CASE", "EV_DISCLOSURE")),
		asking(service("console", "", nil), "ask.*.summary", "ask.retention-timer.board", "node.report"),
		coordinator(),
		operator(),
		provisioner("provisioner", AccountCore),
		outside("outside"),
		analystsSide("statistics-publisher"),
		provisioner("statistics-provisioner", AccountStats),
		analyst("analyst"),
		{Name: "sys", Account: AccountSys, Publish: []string{">"}, Subscribe: []string{">"}},
	}
}

func service(name, context string, reads []string, answers ...string) User {
	u := User{Name: name, Account: AccountCore, Responds: true}
	u.Publish = append([]string{"clock.now", "node.hello", "node.bye", "ask.*.transportkey"}, reads...)
	if context != "" {
		u.Publish = append(u.Publish, "ev.*."+context+".>")
	}
	u.Subscribe = append([]string{InboxPrefix(name) + ".>", "clock.moved", "node.report", "ask." + name + ".>"}, answers...)
	return u
}

// streams is what an ordered consumer needs of each stream: to look at it, and to make,
// read and drop consumers of its own.
func streams(names ...string) []string {
	var subjects []string
	for _, name := range names {
		subjects = append(subjects, readStream(name)...)
	}
	return subjects
}

func readStream(name string) []string {
	return []string{
		"$JS.API.STREAM.INFO." + name,
		"$JS.API.CONSUMER.CREATE." + name + ".>",
		"$JS.API.CONSUMER.INFO." + name + ".>",
		"$JS.API.CONSUMER.MSG.NEXT." + name + ".>",
		"$JS.API.CONSUMER.DELETE." + name + ".>",
	}
}

func asking(u User, subjects ...string) User {
	u.Publish = slices.Concat(u.Publish, subjects)
	return u
}

// coordinator is the owner of simulated time.
func coordinator() User {
	return User{Name: "coordinator", Account: AccountCore, Responds: true,
		Publish:   []string{"clock.moved", "node.report", "ask.statistics-pseudonymiser.rows", "$JS.API.STREAM.LIST"},
		Subscribe: []string{InboxPrefix("coordinator") + ".>", "clock.now", "node.hello", "node.bye"}}
}

// operator asks services, on behalf of whoever runs the system, how far they are.
func operator() User {
	return User{Name: "operator", Account: AccountCore,
		Publish:   []string{"node.report", "ask.*.summary", "ask.ledger.check", "$JS.API.STREAM.LIST"},
		Subscribe: []string{InboxPrefix("operator") + ".>"}}
}

// provisioner makes the streams at start and does nothing else.
func provisioner(name, account string) User {
	return User{Name: name, Account: account,
		Publish:   []string{"$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.CREATE.*", "$JS.API.STREAM.UPDATE.*"},
		Subscribe: []string{InboxPrefix(name) + ".>"}}
}

// outside is another system of the authority: it may hand in contacts, and hears only
// the answers.
func outside(name string) User {
	return User{Name: name, Account: AccountCore, Publish: []string{"in.>"}, Subscribe: []string{InboxPrefix(name) + ".>"}}
}

// analystsSide is the pseudonymiser's other half: it writes the analysts' stream.
func analystsSide(name string) User {
	return User{Name: name, Account: AccountStats,
		Publish:   []string{"stats.v1.>", "$JS.API.STREAM.INFO.STATS", "$JS.API.STREAM.PURGE.STATS"},
		Subscribe: []string{InboxPrefix(name) + ".>"}}
}

// analyst reads the stream through consumers and can change nothing, not even drop a
// consumer.
func analyst(name string) User {
	return User{Name: name, Account: AccountStats,
		Publish: []string{
			"$JS.API.STREAM.INFO.STATS", "$JS.API.CONSUMER.CREATE.STATS.>",
			"$JS.API.CONSUMER.INFO.STATS.>", "$JS.API.CONSUMER.MSG.NEXT.STATS.>",
		},
		Subscribe: []string{InboxPrefix(name) + ".>"}}
}
