package scenario

import (
	"slices"
	"strings"
)

// actions lists every action of the format with the arguments it takes.
var actions = map[string][]string{
	"contact.record":       words("channel identified person endedAt startedAt line fields note"),
	"contact.note":         words("contact case text relevant"),
	"chatbot.ask":          words("session fields"),
	"chatbot.close":        words("session"),
	"person.register":      words("person effective fields"),
	"person.deregister":    words("person effective reason"),
	"person.correct":       words("person event effective reason"),
	"case.open":            words("persons type"),
	"case.close":           words("case effective reason"),
	"case.reopen":          words("case effective reason"),
	"case.note":            words("case text segments about final draft receivedOn fields"),
	"case.adopt":           words("record into reason"),
	"record.read":          words("record query purpose fields"),
	"record.delete":        words("record query purpose fields"),
	"record.edit":          words("record query purpose fields"),
	"record.search":        words("record query purpose fields"),
	"record.erase":         words("record case person ground"),
	"recording.start":      recordingArgs,
	"recording.notice":     recordingArgs,
	"recording.stop":       recordingArgs,
	"recording.transfer":   recordingArgs,
	"recording.extend":     recordingArgs,
	"recording.play":       recordingArgs,
	"complaint.open":       words("about reason"),
	"complaint.close":      words("about reason"),
	"group.create":         groupArgs,
	"group.join":           groupArgs,
	"group.leave":          groupArgs,
	"group.end":            groupArgs,
	"group.move":           groupArgs,
	"recruitment.apply":    recruitmentArgs,
	"recruitment.test":     recruitmentArgs,
	"recruitment.reuse":    recruitmentArgs,
	"recruitment.transfer": recruitmentArgs,
	"hold.place":           words("scope target reason reviewAt"),
	"hold.release":         words("scope target reason reviewAt"),
	"protection.mark":      words("person level recipient fields"),
	"protection.lift":      words("person level recipient fields"),
	"protection.plan":      words("person level recipient fields"),
	"consent.give":         words("person recipient employer record fields consent"),
	"consent.withdraw":     words("person recipient employer record fields consent"),
	"disclosure.request":   words("recipient person mode fields needed purpose lawRef consent"),
	"recipient.down":       words("recipient"),
	"recipient.up":         words("recipient"),
	"statement.issue":      words("person text"),
	"mail.send":            words("person encrypted text about"),
	"document.request":     documentArgs,
	"document.decide":      documentArgs,
	"document.serve":       documentArgs,
	"document.appeal":      documentArgs,
	"request.submit":       words("type person receivedAt via about wrong why correction ground"),
	"request.extend":       requestArgs,
	"request.decide":       requestArgs,
	"request.deliver":      requestArgs,
	"policy.change":        words("rule period effective"),
	"profile.run":          financeArgs,
	"campaign.send":        financeArgs,
	"supplier.feed":        financeArgs,
	"invoice.record":       financeArgs,
	"processor.activate":   words("processor secrecy country dedicated"),
	"statistics.publish":   words("month dimensions totals minimum"),
	"backup.take":          words("backup into from"),
	"backup.restore":       words("backup into from"),
	"stream.replay":        words("backup into from"),
	"service.kill":         words("service"),
	"service.start":        words("service"),
}

var (
	recordingArgs   = words("call line person offset reason until bulk place identityProven")
	groupArgs       = words("group person start end reason fields")
	recruitmentArgs = words("case person result takenAt test processor kind")
	documentArgs    = words("documents person request decision")
	requestArgs     = words("request decision reason erase keep")
	financeArgs     = words("person persons campaign supplier employer fields")
)

// personFields are the names that `fields` may hold, wherever it stands.
var personFields = words(`name nationalId address postcode phoneNumber email municipality ssyk education grades
	workHistory skills jobWishes motherTongue health fund currentAt supplier category programme benefitGranted
	supportAssignments lastActivityReport registrationDates jobSeeker unemployed12Months age
	ipAddress text deviceType browserType clickedLinks userId orgNumber`)

// moreFields are names that the fields of one action alone may hold.
var moreFields = map[string][]string{
	"invoice.record": words("amount invoiceNumber attendance"),
	"supplier.feed":  words("attendance"),
	"campaign.send":  words("inputs"),
}

var outcomes = words("ok invalid refused forbidden not-found gone conflict locked held needs-completion rerouted any")

// zones are the authorities that the format names, each with the zone of its dates.
var zones = map[string]string{
	"arbetsformedlingen":            "Europe/Stockholm",
	"stockholm-labour-market-board": "Europe/Stockholm",
	"te-services":                   "Europe/Helsinki",
	"te-customer-service":           "Europe/Helsinki",
}

func words(s string) []string { return strings.Fields(s) }

func known(list []string, word string) bool { return slices.Contains(list, word) }
