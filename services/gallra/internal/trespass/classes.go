package trespass

import "slices"

// Who is who at the nats-server.
var (
	services = []string{"intake", "case-linker", "retention-timer", "statistics-pseudonymiser", "disclosure", "ledger", "console"}

	// producers have a context of their own, and with it a stream.
	producers = map[string]string{
		"contact": "intake", "case": "case-linker", "retention": "retention-timer", "disclosure": "disclosure", "ledger": "ledger",
	}

	// readers are who reads a stream by consumers of its own.
	readers = map[string][]string{
		"EV_CONTACT":    {"case-linker", "retention-timer", "ledger"},
		"EV_CASE":       {"intake", "retention-timer", "statistics-pseudonymiser", "disclosure", "ledger"},
		"EV_RETENTION":  {"intake", "case-linker"},
		"EV_DISCLOSURE": {"ledger"},
		"EV_LEDGER":     nil,
		"STATS":         {"analyst"},
	}

	// A star in a right reaches the streams of the user's own account and no other: that is
	// what seeing a stream shows.
	provisioners = []string{"provisioner", "statistics-provisioner"}
	simulators   = []string{"simulator", "statistics-simulator"}
	makers       = slices.Concat(provisioners, simulators)
)

// classes are all kinds of things that are done on the subjects of the system.
func classes() []class {
	all := slices.Concat(events(), streams(), questions(), clockAndNodes(), simulation(), linesIn(), theServersOwn())
	for _, user := range slices.Concat(services, makers, []string{"coordinator", "operator", "outside", "statistics-publisher", "analyst"}) {
		all = append(all, listening("hear the answers to "+user, "_INBOX_"+user+".>", user))
	}
	return all
}

func events() []class {
	all := []class{
		listening("hear events as they are published", "ev.>"),
		publishing("publish events of a context that there is not", "ev.arbetsformedlingen.probe.0.probe"),
		publishing("publish rows for analysts", "stats.v1.probe", "statistics-publisher"),
		listening("hear rows as they are published", "stats.v1.>"),
	}
	for context, producer := range producers {
		all = append(all,
			publishing("publish events of "+context, "ev.arbetsformedlingen."+context+".0.probe", producer),
			publishing("publish events of "+context+" for the other authority", "ev.te-customer-service."+context+".0.probe", producer),
			publishing("wake the relay of "+producer, "outbox.wake."+producer, producer),
			listening("be woken as the relay of "+producer, "outbox.wake."+producer, producer))
	}
	return all
}

// streams are JetStream's verbs on each stream.
func streams() []class {
	all := []class{
		publishing("make a stream", "$JS.API.STREAM.CREATE.PROBE", makers...),
		publishing("change a stream", "$JS.API.STREAM.UPDATE.PROBE", makers...),
		publishing("list streams", "$JS.API.STREAM.LIST", "coordinator", "operator"),
		publishing("list names of streams", "$JS.API.STREAM.NAMES"),
		publishing("look at JetStream", "$JS.API.INFO", makers...),
		listening("hear JetStream's own words", "$JS.EVENT.>"),
		listening("hear what others ask JetStream", "$JS.API.>"),
	}
	for stream, by := range readers {
		sees := slices.Concat(by, []string{"provisioner", "simulator"})
		purges := []string(nil)
		if stream == "STATS" {
			sees = slices.Concat(by, []string{"statistics-publisher", "statistics-provisioner", "statistics-simulator"})
			purges = []string{"statistics-publisher"}
		}
		drops := slices.Concat(by, []string{"provisioner"})
		if stream == "STATS" {
			drops = []string{"provisioner"} // of its own account; an analyst cannot drop even its own
		}
		all = append(all,
			seeing("see the stream "+stream, "$JS.API.STREAM.INFO."+stream, sees...),
			publishing("make a consumer of "+stream, "$JS.API.CONSUMER.CREATE."+stream+".probe", slices.Concat(by, []string{"provisioner"}, simulators)...),
			publishing("make a consumer of a part of "+stream, "$JS.API.CONSUMER.CREATE."+stream+".probe.ev.part", slices.Concat(by, simulators)...),
			publishing("make a consumer of "+stream+" in the old way", "$JS.API.CONSUMER.DURABLE.CREATE."+stream+".probe"),
			publishing("read "+stream, "$JS.API.CONSUMER.MSG.NEXT."+stream+".probe", by...),
			publishing("look at a consumer of "+stream, "$JS.API.CONSUMER.INFO."+stream+".probe", by...),
			publishing("drop a consumer of "+stream, "$JS.API.CONSUMER.DELETE."+stream+".probe", drops...),
			publishing("list consumers of "+stream, "$JS.API.CONSUMER.LIST."+stream, simulators...),
			publishing("set a consumer of "+stream+" back", "$JS.API.CONSUMER.RESET."+stream+".probe"),
			publishing("pause a consumer of "+stream, "$JS.API.CONSUMER.PAUSE."+stream+".probe"),
			publishing("acknowledge for a consumer of "+stream, "$JS.ACK."+stream+".probe.1.1.1.1.1"),
			publishing("delete the stream "+stream, "$JS.API.STREAM.DELETE."+stream, simulators...),
			publishing("empty the stream "+stream, "$JS.API.STREAM.PURGE."+stream, purges...),
			publishing("delete a message of "+stream, "$JS.API.STREAM.MSG.DELETE."+stream),
			publishing("take a message out of "+stream, "$JS.API.STREAM.MSG.GET."+stream),
			publishing("take messages straight out of "+stream, "$JS.API.DIRECT.GET."+stream),
			publishing("copy the stream "+stream, "$JS.API.STREAM.SNAPSHOT."+stream),
			publishing("put a copy in place of "+stream, "$JS.API.STREAM.RESTORE."+stream))
	}
	return all
}

// questions are what services ask each other.
func questions() []class {
	all := []class{
		publishing("ask for a summary", "ask.probe.summary", "console", "operator"),
		publishing("ask in which order events were applied", "ask.probe.order", "operator"),
		publishing("ask which events were published", "ask.probe.published", "operator"),
		publishing("ask which events are missing", "ask.probe.missing", "operator"),
		publishing("ask how keys stand", "ask.probe.keys", "operator"),
		publishing("have keys replaced", "ask.probe.rotatekeys", "operator"),
		publishing("ask for a key to seal to", "ask.probe.transportkey", services...),
		publishing("ask for the board", "ask.retention-timer.board", "console"),
		publishing("ask for a record's timeline", "ask.retention-timer.timeline", "console"),
		publishing("ask when what is due", "ask.retention-timer.calendar", "console"),
		publishing("ask which holds stand", "ask.retention-timer.holds", "console"),
		publishing("ask which alarms stand open", "ask.retention-timer.alarms", "console"),
		publishing("ask what waits for a review", "ask.retention-timer.reviews", "console"),
		publishing("ask which policies are in force", "ask.retention-timer.policy", "console"),
		publishing("ask who a person is", "ask.case-linker.resolve", "disclosure"),
		publishing("ask for a person's fields", "ask.case-linker.disclose", "disclosure"),
		publishing("ask whether the ledger holds", "ask.ledger.check", "operator"),
		publishing("ask what was destroyed since a backup", "ask.ledger.disposals", "intake", "case-linker", "retention-timer", "disclosure"),
		publishing("ask for the ids of statistics rows", "ask.statistics-pseudonymiser.rows", "coordinator"),
		publishing("ask what nobody answers", "ask.case-linker.probe"),
		listening("hear every question", "ask.>"),
	}
	for sender, receivers := range map[string][]string{"intake": {"case-linker"}, "case-linker": {"intake", "statistics-pseudonymiser"}} {
		for _, receiver := range receivers {
			all = append(all,
				publishing("ask "+sender+" as "+receiver+" what it has sealed", "ask."+sender+".sealed."+receiver, receiver),
				publishing("have "+receiver+" retire its key as "+sender, "ask."+receiver+".retire."+sender, sender))
		}
	}
	all = append(all, publishing("ask for what is sealed to somebody else", "ask.case-linker.sealed.probe"),
		publishing("have a key retired as somebody else", "ask.intake.retire.probe"))
	for _, service := range services {
		all = append(all, listening("answer what "+service+" is asked", "ask."+service+".>", service))
	}
	return all
}

func clockAndNodes() []class {
	return []class{
		publishing("move the clock", "clock.moved", "coordinator"),
		listening("follow the clock", "clock.moved", services...),
		publishing("ask for the time", "clock.now", services...),
		listening("answer for the clock", "clock.now", "coordinator"),
		publishing("ask instances how far they are", "node.report", "coordinator", "operator", "console"),
		listening("be asked how far one is", "node.report", services...),
		publishing("say that an instance is there", "node.hello", services...),
		listening("hear who is there", "node.hello", "coordinator"),
		publishing("say that an instance goes", "node.bye", services...),
		listening("hear who goes", "node.bye", "coordinator"),
	}
}

// simulation is what is played on a simulated system, and nowhere else heard.
func simulation() []class {
	all := []class{listening("hear who may start", "sim.may-start.*", "simulator"), listening("hear the whole play", "sim.>")}
	for _, service := range services {
		all = append(all,
			publishing("play with "+service, "sim.probe."+service, "simulator"),
			listening("be played with as "+service, "sim.*."+service, service),
			publishing("ask whether "+service+" may start", "sim.may-start."+service, service, "simulator"))
	}
	return all
}

// linesIn is how contacts, persons and cases come in.
func linesIn() []class {
	all := []class{
		publishing("hand in what has no other way", "in.unknown.contact", "outside"),
		listening("take contacts in", "in.*.contact", "intake"),
		listening("take persons in", "in.*.person", "case-linker"),
		listening("take cases in", "in.*.case", "case-linker"),
		listening("hear everything that is handed in", "in.>"),
		publishing("answer who asks from another account", "_R_.probe.probe", "intake", "case-linker"),
		listening("hear the answers to other accounts", "_R_.>"),
	}
	for _, authority := range authorities() {
		for _, kind := range kinds {
			all = append(all, publishing(handIn(authority, kind), "in."+authority+"."+kind, "outside"))
		}
	}
	return all
}

// theServersOwn is what the nats-server does for whoever looks after it.
func theServersOwn() []class {
	return []class{
		publishing("look at the nats-server", "$SYS.REQ.SERVER.PING", sys),
		publishing("ask the nats-server who one is", "$SYS.REQ.USER.INFO", sys),
		publishing("have the nats-server read its configuration", "$SYS.REQ.SERVER.PROBE.RELOAD", sys),
		listening("hear the nats-server's own words", "$SYS.>", sys),
		listening("hear everything", ">", sys),
	}
}
