package credentials

import "slices"

// The accounts. Who is not part of the system has one apart: between accounts passes only
// what Import names, and an answer goes back to who asked, whatever it gave as the place to
// answer to. Within one account that place may be any subject (docs/adr/0009).
const (
	AccountCore     = "CORE"
	AccountStats    = "STATS"
	AccountOutside  = "OUTSIDE"
	AccountAnalysts = "ANALYSTS"
	AccountSys      = "SYS"
)

// User is one login at the nats-server with all that it may do. What is not listed is
// denied.
type User struct {
	Name      string
	Account   string
	Publish   []string
	Subscribe []string
	Responds  bool // may answer a request that it received
	Outside   bool // no container bears it: its seed is for the owner of the folder
}

// InboxPrefix is where the answers to a user's requests arrive; nobody else may listen
// there.
func InboxPrefix(user string) string { return "_INBOX_" + user }

// Users is the whole list but for partners. A service may publish on its own context, read
// the streams that it consumes, answer on its own subjects, follow the clock and report how
// far it is.
func Users() []User {
	return []User{
		asking(service("intake", "contact", streams("EV_RETENTION", "EV_CASE"), "in.*.contact"), answers, replays),
		asking(service("case-linker", "case", streams("EV_CONTACT", "EV_RETENTION"), "in.*.person", "in.*.case"), answers, replays),
		asking(service("retention-timer", "retention", streams("EV_CONTACT", "EV_CASE")), replays),
		service("statistics-pseudonymiser", "", streams("EV_CASE")),
		asking(service("disclosure", "disclosure", streams("EV_CASE")), "ask.case-linker.resolve", "ask.case-linker.disclose", replays),
		service("ledger", "ledger", streams("EV_CONTACT", "EV_CASE", "EV_DISCLOSURE")),
		asking(service("console", "", nil), slices.Concat(consoleAsks, []string{"ask.*.summary", "node.report"})...),
		coordinator(),
		simulator("simulator", AccountCore),
		operator(),
		provisioner("provisioner", AccountCore),
		outside("outside"),
		analystsSide("statistics-publisher"),
		simulator("statistics-simulator", AccountStats),
		provisioner("statistics-provisioner", AccountStats),
		analyst("analyst"),
		{Name: SysUser, Account: AccountSys, Publish: []string{">"}, Subscribe: []string{">"}, Outside: true},
	}
}

// consoleAsks is what the console's pages are made of.
var consoleAsks = []string{
	"ask.retention-timer.board", "ask.retention-timer.timeline", "ask.retention-timer.calendar", "ask.retention-timer.holds",
	"ask.retention-timer.alarms", "ask.retention-timer.reviews", "ask.retention-timer.policy",
}

// answers is where the answers to requests from other accounts go. Who takes lines in may
// publish there at any time, and not only as an answer: the server forgets whom it let
// answer when it reads its configuration again, which must cost no sender its answer.
const answers = "_R_.>"

// replays is what a service asks whose database came out of a backup.
const replays = "ask.ledger.disposals"

// SysUser looks after the nats-server itself.
const SysUser = "sys"

func service(name, context string, reads []string, listens ...string) User {
	u := User{Name: name, Account: AccountCore, Responds: true}
	u.Publish = slices.Concat([]string{"clock.now", "node.hello", "node.bye", "sim.may-start." + name, "ask.*.transportkey"}, reads, aboutKeys(name))
	if context != "" {
		u.Publish = append(u.Publish, "ev.*."+context+".>", "outbox.wake."+name)
	}
	u.Subscribe = append([]string{InboxPrefix(name) + ".>", "clock.moved", "node.report", "ask." + name + ".>", "sim.*." + name}, listens...)
	if context != "" {
		u.Subscribe = append(u.Subscribe, "outbox.wake."+name) // from its other instances
	}
	return u
}

// sealing is who seals content to whom.
var sealing = []struct{ sender, receiver string }{
	{"intake", "case-linker"}, {"case-linker", "intake"}, {"case-linker", "statistics-pseudonymiser"},
}

// aboutKeys is what a service may ask about transport keys: those that it seals to, to retire them, and as a receiver, what
// was sealed to its own. Who asks is the last token, so that nobody ends another's keys.
func aboutKeys(name string) (subjects []string) {
	for _, s := range sealing {
		switch name {
		case s.sender:
			subjects = append(subjects, "ask."+s.receiver+".retire."+s.sender)
		case s.receiver:
			subjects = append(subjects, "ask."+s.sender+".sealed."+s.receiver)
		}
	}
	return subjects
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

// simulator plays with a simulated system, whose services alone listen to it: it lets them
// begin, ends, empties and kills them, and makes the streams anew with what reads by them.
func simulator(name, account string) User {
	u := User{Name: name, Account: account, Responds: account == AccountCore,
		Publish: []string{"$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.CREATE.*", "$JS.API.STREAM.UPDATE.*", "$JS.API.STREAM.DELETE.*",
			"$JS.API.CONSUMER.LIST.*", "$JS.API.CONSUMER.CREATE.*.>"},
		Subscribe: []string{InboxPrefix(name) + ".>"}}
	if account == AccountCore {
		u.Publish = append(u.Publish, "sim.>")
		u.Subscribe = append(u.Subscribe, "sim.may-start.*")
	}
	return u
}

// operator asks services, on behalf of whoever runs the system, how far they are.
func operator() User {
	return User{Name: "operator", Account: AccountCore,
		Publish:   []string{"node.report", "ask.*.summary", "ask.*.order", "ask.*.published", "ask.*.missing", "ask.*.keys", "ask.*.rotatekeys", "ask.ledger.check", "$JS.API.STREAM.LIST"},
		Subscribe: []string{InboxPrefix("operator") + ".>"}}
}

// provisioner makes the streams at start, and in CORE the consumers that partners read by,
// and does nothing else.
func provisioner(name, account string) User {
	u := User{Name: name, Account: account,
		Publish:   []string{"$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.CREATE.*", "$JS.API.STREAM.UPDATE.*"},
		Subscribe: []string{InboxPrefix(name) + ".>"}}
	if account == AccountCore {
		u.Publish = append(u.Publish, "$JS.API.CONSUMER.CREATE.*.*", "$JS.API.CONSUMER.DELETE.*.*")
	}
	return u
}

// outside is another system of the authority's own: it may hand in everything, and hears
// only the answers. Somebody else's system is a Partner.
func outside(name string) User {
	return User{Name: name, Account: AccountOutside, Outside: true,
		Publish: locals(outsideImports), Subscribe: []string{InboxPrefix(name) + ".>"}}
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
	return User{Name: name, Account: AccountAnalysts, Outside: true,
		Publish: locals(analystsImports), Subscribe: []string{InboxPrefix(name) + ".>"}}
}
