package officer

import (
	"net/http"

	"gallra.se/services/console/internal/login"
)

var english = Texts{
	Back: "To your start page", ByRule: "The rule:", NoEnd: "no day yet", GoneFrom: "Gone from",
	Yes: "yes", No: "no", Open: "open",
	Foreign: "This did not come from here", ForeignLead: "Another site has tried to do this in your name. Nothing was done. Go to the page yourself and do it there if you meant it.",
	Unreadable: "This could not be taken", UnreadableLead: "The form came broken. Go back and send it again.",
	NoUndertaking: "You have no confidentiality undertaking in force, so no personal data can be shown. Sign one, have it entered at the login service, and log in again.",
	NoTraining:    "You have not had the training that access to personal data asks for. Have it entered at the login service, and log in again.",
	NotAssigned:   "You are not assigned to this case. Whoever is responsible for it can assign you.",
	Login: LoginTexts{
		Failed:   "You are not logged in",
		Repeated: "This login is over, or its answer has been used before. Begin again.",
		Forged:   "The login service's answer cannot be trusted, so nothing of it was used. Begin again; if it happens once more, tell your administrator.",
		Refused:  "The login service did not let you in.",
		Away:     "The login service does not answer. Try again in a while.",
		None:     "Login is not configured",
		NoneLead: "The operator names an OpenID provider by GALLRA_OIDC_ISSUER, GALLRA_OIDC_CLIENT_ID and GALLRA_OIDC_CLIENT_SECRET_FILE, the console's own address by GALLRA_CONSOLE_URL, and starts the console again.",
		Again:    "Log in", Out: "You are logged out", OutLead: "Nothing of what you saw is kept in this browser.",
		Over: "Your session is over", OverLead: "What you sent was not taken. Log in and send it again.",
		Accounts: map[string]string{
			login.WhyNoAuthority:    "Your account belongs to no authority. Your administrator can set one.",
			login.WhyTwoAuthorities: "Your account belongs to more than one authority. Nobody works for two at once: use an account for each.",
			login.WhyUnknown:        "Your account belongs to an authority that is not here.",
			login.WhyNoRole:         "Your account has no role here. Your administrator can give it one.",
		},
	},
	Start: StartTexts{
		Nav: "You", Title: "Your work", You: "Logged in as", Roles: "Roles", Undertaking: "Confidentiality undertaking until", Now: "Purpose now",
		Why: "What are you about to do?", WhyLead: "Every look at personal data is written down with its purpose, and the person can see it.",
		Purpose: "Purpose", PurposeHint: "It is written down with everything that you read.", Choose: "Choose a purpose", Go: "Go on",
	},
	Find: FindTexts{
		Nav: "Find a person", Title: "Find a person", Lead: "By personal number or case number. Nothing else is searched.",
		NationalID: "Personal number", NationalIDHint: "Swedish, Finnish or a coordination number, with or without a dash.", CaseNumber: "Case number",
		One: "Give a personal number or a case number, and not both.", OneHint: "One of the two.", Search: "Search", Found: "Found",
		Nobody: "Nobody is found.", Masked: "Protected identity",
	},
	Person: PersonTexts{
		Title: "A person", Lead: "You read this for:", Fields: "What is stored", Registration: "Registration", Registered: "Registered on", Deregistered: "Deregistered on",
		Timeline: "Why until then", Cases: "Cases", CasesUnknown: "The cases could not be read. Look again in a while.", Number: "Case number", Type: "Type", Opened: "Opened",
		State: "State", Assigned: "Yours",
	},
	Looks: LooksTexts{Title: "Who has looked", Lead: "Everybody who has read something of this person, newest first. The person can see the same.", None: "Nobody has looked.",
		At: "When", Who: "Who", What: "What", Purpose: "Purpose", Outcome: "Outcome", Signs: "To notice"},
	Case: CaseTexts{
		Title: "Case", Persons: "Persons", Person: "Person", Notes: "Notes", More: "older notes are not shown.", Closed: "notes cannot be shown to you, or are gone.",
		EndUnknown: "Until when it is kept is not known yet.", AboutOne: "Only about person", Written: "The note is written.",
		New: "New note", NewLead: "Write only what the case needs. The person can read it.", Text: "Text", Relevance: "Why it belongs in the case", About: "About",
		AboutHint: "None: all persons of the case.", Kind: "Kind", Save: "Write", NoText: "A note needs a text.", NoReason: "Say why the note belongs in the case.",
	},
	Protect: ProtectTexts{
		Nav: "Protected identities", Title: "Protected identities", Lead: "Only the appointed see this page. For everybody else a protected person is nobody.",
		Mark: "Mark as protected", Level: "Level", Plan: "Set a plan", PlanLead: "Which fields a recipient may be told, as agreed with the person. Without a plan: none.",
		Person: "The person's id", PersonHint: "as in the address of the person's page", Recipient: "Recipient", RecipientHint: "A recipient of the authority; what it may have at most is in the policy.",
		Fields: "Fields that may be told", Known: "What is decided", Since: "Since", Lift: "Lift the protection",
		Done: map[string]string{"marked": "Marked as protected:", "lifted": "No longer protected:", "planned": "The plan is set for:"},
	},
	Review: ReviewTexts{
		Nav: "Review of the log", Title: "Review of the access log", Lead: "A week of reading: how much, when, and what a reviewer should notice.",
		Before: "Week before:", After: "Week after:", Notice: "To notice:", Calm: "Nothing unusual was found.", Drawing: "Reads in each hour of the week", Highest: "busiest hour:",
		AsTable: "The same as a table", Day: "Day", Night: "At night", Reads: "Reads", Officers: "Officers", Nobody: "Nobody has read anything.",
		Persons: "Persons", Unassigned: "Not assigned", SameName: "Same name", SameAddress: "Same address", Refused: "Refused",
		Days: []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
	},
	Trouble: map[int]Trouble{
		http.StatusNotFound:           {"Not found", "There is nothing here, or nothing that you may see."},
		http.StatusGone:               {"Gone", "It was here, and it has been destroyed because its time was over. Nobody can read it any more."},
		http.StatusForbidden:          {"Not for you", "Your role does not read this for the purpose that you gave."},
		http.StatusUnauthorized:       {"Not for you", "The service does not accept this console's word. Tell your operator."},
		http.StatusServiceUnavailable: {"No answer", "A service does not answer. Nothing is lost: look again in a while."},
	},
	Refusals: map[string]string{
		"any":                     "The service did not take it. Look at what you entered.",
		"invalid-national-id":     "That is no personal number. Look at it again: date, separator and last four characters.",
		"missing-field":           "Something is missing.",
		"invalid-text":            "The text is empty, too long, or holds characters that cannot be stored.",
		"too-large":               "That is too much at once.",
		"conflict":                "That is not possible in the present state.",
		"locked":                  "It is locked just now.",
		"unknown-person":          "No such person is in this case.",
		"invalid-field level":     "There is no such level.",
		"invalid-field recipient": "There is no such recipient.",
		"unknown-field":           "This service does not store such a field.",
	},
	Words: englishWords,
}

var englishWords = map[string]string{
	"case-officer": "case officer", "matching-officer": "matching officer", "control-officer": "control officer", "protected-officer": "officer for protected identities",
	"recruiter": "recruiter", "archive-disclosure": "disclosure from the archive", "analyst": "analyst", "dpo": "data protection officer", "admin": "administrator",
	"records-manager": "records manager", "statistics-officer": "statistics officer",
	"name": "Name", "nationalId": "Personal number", "address": "Address", "postcode": "Postcode", "phoneNumber": "Telephone", "email": "E-mail", "municipality": "Municipality",
	"ssyk": "Occupation", "education": "Education", "grades": "Grades", "workHistory": "Work history", "skills": "Skills", "jobWishes": "Job wishes", "motherTongue": "Mother tongue",
	"health": "Health", "fund": "Unemployment fund", "jobSeeker": "Job-seeker", "registrationDates": "Registration dates",
	"case-closed": "closed", "case-handling": "handling of the case", "decision": "a decision", "agreement": "something agreed", "follow-up": "follow-up",
	"marker": "confidentiality marker", "protectedRegistration": "protected registration", "assumed": "assumed identity", "fiNonDisclosure": "non-disclosure for personal safety",
	"read": "read", "write": "wrote", "search": "searched", "play": "played", "manage": "managed", "allowed": "allowed", "ok": "allowed", "granted": "allowed", "refused": "refused",
	"denied": "refused", "forbidden": "refused", "not-found": "not shown",
	"unassigned": "not assigned to the case", "night": "at night", "sameName": "same family name", "same-name": "same family name", "sameAddress": "same address",
	"same-address": "same address", "many": "many persons in short time", "many-persons": "many persons in short time",
	"case.file": "case", "case.note": "note", "case.document": "final document", "case.draft": "draft", "person.identity": "person",
}
