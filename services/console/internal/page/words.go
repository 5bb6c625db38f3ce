package page

var englishWords = map[string]string{
	// moments that periods are counted from
	"contact-ended": "the contact ended", "mail-received": "the message came", "deregistered": "the registration ended", "case-closed": "the case closed",
	"group-ended": "the group ended", "recruitment-closed": "the recruitment closed", "test-taken": "the test was taken", "separation": "the separation",
	"request-received": "the request came", "consent-withdrawn": "the consent was withdrawn", "erasure-ordered": "an erasure was ordered",
	// states and limits
	"idle": "waiting", "running": "running", "due": "due", "disposed": "destroyed", "cancelled": "cancelled", "paused": "paused",
	"normal": "normal", "ceiling": "ceiling", "none": "none",
	// why something stays
	"hold": "a hold", "documentRequest": "a public-document request", "document-request": "a public-document request", "restriction": "a restriction",
	"openCase": "an open case", "complaint": "a complaint", "court": "a court case", "control-case": "a control case", "quality": "quality",
	"registered": "the person is registered again", "case-open": "the case is open", "not-yet-due": "it is not due yet", "preserved": "a rule preserves it", "busy": "the holder is busy",
	"review": "a review that nobody has approved", "floor": "a floor",
	"lateEvent": "the event came late", "policyChange": "the policy changed", "correction": "a date was corrected",
	// what a hold is about, and kinds of units
	"record": "a record", "case": "a case", "person": "a person",
	"contact": "contact", "identity": "identity", "share": "share of a case", "participant": "participation", "request": "request",
	// alarms
	"statutory-bound-exceeded": "past the outer bound of law", "watermark-missing": "a service is behind", "hold-review-due": "a hold past its review",
	"onward-transfer": "a company would pass papers on",
	// categories
	"contact.phone-log": "call log", "contact.chat": "chat", "contact.email": "e-mail", "contact.econtact": "e-contact", "contact.visit": "visit",
	"contact.recording": "recording", "contact.survey": "survey", "contact.mail-event": "newsletter event", "contact.feedback": "feedback",
	"contact.feedback-document": "letter of feedback", "contact.complaint": "complaint", "contact.login": "login", "contact.feed": "delivery",
	"contact.screen-share": "screen share", "finance.invoice": "invoice",
	"group.participant": "participation in a group", "person.identity": "identity", "case.file": "case file", "case.note": "case note",
	"case.document": "final document", "case.draft": "draft", "request.bare": "request as such", "statistics.row": "separated statistics row",
	// case types
	"job-seeking": "job-seeking", "programme": "programme", "benefit": "benefit", "control": "control", "recruitment": "recruitment",
	"supplier": "supplier", "finance": "finance", "feedback": "feedback", "service": "service",
}

var swedishWords = map[string]string{
	"contact-ended": "kontakten avslutades", "mail-received": "meddelandet kom in", "deregistered": "avregistreringen", "case-closed": "ärendet avslutades",
	"group-ended": "gruppen avslutades", "recruitment-closed": "rekryteringen avslutades", "test-taken": "testet gjordes", "separation": "avskiljandet",
	"request-received": "begäran kom in", "consent-withdrawn": "samtycket återkallades", "erasure-ordered": "en radering beslutades",
	"idle": "väntar", "running": "löper", "due": "ska gallras", "disposed": "gallrad", "cancelled": "avbruten", "paused": "pausad",
	"normal": "normal", "ceiling": "senast", "none": "ingen",
	"hold": "en spärr", "documentRequest": "en begäran om allmän handling", "document-request": "en begäran om allmän handling", "restriction": "en begränsning",
	"openCase": "ett öppet ärende", "complaint": "ett klagomål", "court": "ett domstolsmål", "control-case": "ett kontrollärende", "quality": "kvalitet",
	"registered": "personen är inskriven igen", "case-open": "ärendet är öppet", "not-yet-due": "dess dag har inte kommit", "preserved": "en regel bevarar den", "busy": "den som har den är upptagen",
	"review": "en granskning som ingen har godkänt", "floor": "ett golv",
	"lateEvent": "händelsen kom sent", "policyChange": "regeln ändrades", "correction": "ett datum rättades",
	"record": "en handling", "case": "ett ärende", "person": "en person",
	"contact": "kontakt", "identity": "identitet", "share": "del av ett ärende", "participant": "deltagande", "request": "begäran",
	"statutory-bound-exceeded": "förbi lagens yttersta gräns", "watermark-missing": "en tjänst ligger efter", "hold-review-due": "en spärr som inte har omprövats",
	"onward-transfer":   "ett företag ville lämna handlingar vidare",
	"contact.phone-log": "samtalslogg", "contact.chat": "chatt", "contact.email": "e-post", "contact.econtact": "e-kontakt", "contact.visit": "besök",
	"contact.recording": "inspelning", "contact.survey": "enkät", "contact.mail-event": "händelse i nyhetsbrev", "contact.feedback": "synpunkt",
	"contact.feedback-document": "brev med synpunkter", "contact.complaint": "reklamation", "contact.login": "inloggning", "contact.feed": "leverans",
	"contact.screen-share": "skärmdelning", "finance.invoice": "faktura",
	"group.participant": "deltagande i en grupp", "person.identity": "identitet", "case.file": "ärendeakt", "case.note": "anteckning",
	"case.document": "färdig handling", "case.draft": "utkast", "request.bare": "begäran som sådan", "statistics.row": "avskild statistikrad",
	"job-seeking": "arbetssökande", "programme": "program", "benefit": "ersättning", "control": "kontroll", "recruitment": "rekrytering",
	"supplier": "leverantör", "finance": "ekonomi", "feedback": "synpunkt", "service": "service",
}
