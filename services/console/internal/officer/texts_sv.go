package officer

import (
	"net/http"

	"gallra.se/services/console/internal/login"
)

var swedish = Texts{
	Back: "Till din startsida", ByRule: "Regeln:", NoEnd: "ingen dag ännu", GoneFrom: "Borta från",
	Yes: "ja", No: "nej", Open: "öppet",
	Foreign: "Det här kom inte härifrån", ForeignLead: "En annan webbplats har försökt göra detta i ditt namn. Inget gjordes. Gå själv till sidan och gör det där om du menade det.",
	Unreadable: "Det här kunde inte tas emot", UnreadableLead: "Formuläret kom fram trasigt. Gå tillbaka och skicka det igen.",
	NoUndertaking: "Du har ingen gällande sekretessförbindelse, så inga personuppgifter kan visas. Skriv under en, låt föra in den i inloggningstjänsten och logga in igen.",
	NoTraining:    "Du har inte fått den utbildning som tillgång till personuppgifter kräver. Låt föra in den i inloggningstjänsten och logga in igen.",
	NotAssigned:   "Ärendet är inte ditt. Den som ansvarar för det kan tilldela dig det.",
	Login: LoginTexts{
		Failed:   "Du är inte inloggad",
		Repeated: "Inloggningen är över, eller så har svaret redan använts. Börja om.",
		Forged:   "Svaret från inloggningstjänsten går inte att lita på, så inget av det användes. Börja om; händer det igen, säg till din administratör.",
		Refused:  "Inloggningstjänsten släppte inte in dig.",
		Away:     "Inloggningstjänsten svarar inte. Försök igen om en stund.",
		None:     "Inloggning är inte inställd",
		NoneLead: "Driften anger en OpenID-leverantör med GALLRA_OIDC_ISSUER, GALLRA_OIDC_CLIENT_ID och GALLRA_OIDC_CLIENT_SECRET_FILE, konsolens egen adress med GALLRA_CONSOLE_URL, och startar om konsolen.",
		Again:    "Logga in", Out: "Du är utloggad", OutLead: "Inget av det du såg finns kvar i den här webbläsaren.",
		Over: "Din session är över", OverLead: "Det du skickade togs inte emot. Logga in och skicka det igen.",
		Accounts: map[string]string{
			login.WhyNoAuthority:    "Ditt konto hör inte till någon myndighet. Din administratör kan ange en.",
			login.WhyTwoAuthorities: "Ditt konto hör till flera myndigheter. Ingen arbetar för två på en gång: använd ett konto för var och en.",
			login.WhyUnknown:        "Ditt konto hör till en myndighet som inte finns här.",
			login.WhyNoRole:         "Ditt konto har ingen roll här. Din administratör kan ge det en.",
		},
	},
	Start: StartTexts{
		Nav: "Du", Title: "Ditt arbete", You: "Inloggad som", Roles: "Roller", Undertaking: "Sekretessförbindelse till och med", Now: "Ändamål nu",
		Why: "Vad ska du göra?", WhyLead: "Varje titt på personuppgifter skrivs upp med sitt ändamål, och personen kan se det.",
		Purpose: "Ändamål", PurposeHint: "Det skrivs upp med allt du läser.", Choose: "Välj ett ändamål", Go: "Fortsätt",
	},
	Find: FindTexts{
		Nav: "Sök person", Title: "Sök person", Lead: "På personnummer eller ärendenummer. Inget annat söks.",
		NationalID: "Personnummer", NationalIDHint: "Svenskt, finskt eller samordningsnummer, med eller utan bindestreck.", CaseNumber: "Ärendenummer",
		One: "Ange ett personnummer eller ett ärendenummer, inte båda.", OneHint: "Ett av de två.", Search: "Sök", Found: "Träffar",
		Nobody: "Ingen hittades.", Masked: "Skyddad identitet",
	},
	Person: PersonTexts{
		Title: "En person", Lead: "Du läser detta för:", Fields: "Vad som finns lagrat", Registration: "Inskrivning", Registered: "Inskriven", Deregistered: "Avregistrerad",
		Timeline: "Varför till dess", Cases: "Ärenden", CasesUnknown: "Ärendena kunde inte läsas. Titta igen om en stund.", Number: "Ärendenummer", Type: "Slag", Opened: "Öppnat",
		State: "Läge", Assigned: "Ditt",
	},
	Looks: LooksTexts{Title: "Vem som har tittat", Lead: "Alla som har läst något om personen, nyast först. Personen kan se detsamma.", None: "Ingen har tittat.",
		At: "När", Who: "Vem", What: "Vad", Purpose: "Ändamål", Outcome: "Utfall", Signs: "Att lägga märke till"},
	Case: CaseTexts{
		Title: "Ärende", Persons: "Personer", Person: "Person", Notes: "Anteckningar", More: "äldre anteckningar visas inte.", Closed: "anteckningar kan inte visas för dig, eller är borta.",
		EndUnknown: "Hur länge den bevaras är inte känt ännu.", AboutOne: "Bara om person", Written: "Anteckningen är skriven.",
		New: "Ny anteckning", NewLead: "Skriv bara vad ärendet behöver. Personen kan läsa det.", Text: "Text", Relevance: "Varför den hör till ärendet", About: "Om",
		AboutHint: "Ingen vald: alla personer i ärendet.", Kind: "Slag", Save: "Skriv", NoText: "En anteckning behöver en text.", NoReason: "Säg varför anteckningen hör till ärendet.",
	},
	Protect: ProtectTexts{
		Nav: "Skyddade identiteter", Title: "Skyddade identiteter", Lead: "Bara de utsedda ser den här sidan. För alla andra finns en skyddad person inte.",
		Mark: "Märk som skyddad", Level: "Nivå", Plan: "Sätt en plan", PlanLead: "Vilka uppgifter en mottagare får veta, som överenskommet med personen. Utan plan: inga.",
		Person: "Personens id", PersonHint: "som i adressen till personens sida", Recipient: "Mottagare", RecipientHint: "En av myndighetens mottagare; vad den högst får veta står i regelverket.",
		Fields: "Uppgifter som får lämnas", Known: "Vad som är beslutat", Since: "Sedan", Lift: "Häv skyddet",
		Done: map[string]string{"marked": "Märkt som skyddad:", "lifted": "Inte längre skyddad:", "planned": "Planen är satt för:"},
	},
	Review: ReviewTexts{
		Nav: "Granska loggen", Title: "Granskning av åtkomstloggen", Lead: "En vecka av läsning: hur mycket, när, och vad en granskare bör lägga märke till.",
		Before: "Veckan före:", After: "Veckan efter:", Notice: "Att lägga märke till:", Calm: "Inget ovanligt hittades.", Drawing: "Läsningar under veckans timmar", Highest: "högsta timmen:",
		AsTable: "Samma sak som tabell", Day: "Dag", Night: "På natten", Reads: "Läsningar", Officers: "Handläggare", Nobody: "Ingen har läst något.",
		Persons: "Personer", Unassigned: "Inte tilldelad", SameName: "Samma namn", SameAddress: "Samma adress", Refused: "Nekade",
		Days: []string{"mån", "tis", "ons", "tor", "fre", "lör", "sön"},
	},
	Trouble: map[int]Trouble{
		http.StatusNotFound:           {"Finns inte", "Här finns inget, eller inget som du får se."},
		http.StatusGone:               {"Gallrad", "Den fanns här och har gallrats, för att tiden var ute. Ingen kan läsa den längre."},
		http.StatusForbidden:          {"Inte för dig", "Din roll läser inte detta för det ändamål som du angav."},
		http.StatusUnauthorized:       {"Inte för dig", "Tjänsten godtar inte den här konsolens ord. Säg till driften."},
		http.StatusServiceUnavailable: {"Inget svar", "En tjänst svarar inte. Inget är förlorat: titta igen om en stund."},
	},
	Refusals: map[string]string{
		"any":                     "Tjänsten tog inte emot det. Se på vad du skrev.",
		"invalid-national-id":     "Det är inget personnummer. Se på det igen: datum, skiljetecken och de fyra sista tecknen.",
		"missing-field":           "Något saknas.",
		"invalid-text":            "Texten är tom, för lång eller har tecken som inte kan lagras.",
		"too-large":               "Det är för mycket på en gång.",
		"conflict":                "Det går inte i det läge som råder.",
		"locked":                  "Den är låst just nu.",
		"unknown-person":          "Ingen sådan person finns i ärendet.",
		"invalid-field level":     "Det finns ingen sådan nivå.",
		"invalid-field recipient": "Det finns ingen sådan mottagare.",
		"unknown-field":           "Tjänsten lagrar inget sådant fält.",
	},
	Words: swedishWords,
}

var swedishWords = map[string]string{
	"case-officer": "handläggare", "matching-officer": "matchningshandläggare", "control-officer": "kontrollhandläggare", "protected-officer": "handläggare för skyddade identiteter",
	"recruiter": "rekryterare", "archive-disclosure": "utlämnande ur arkivet", "analyst": "analytiker", "dpo": "dataskyddsombud", "admin": "administratör",
	"records-manager": "arkivarie", "statistics-officer": "statistikansvarig",
	"name": "Namn", "nationalId": "Personnummer", "address": "Adress", "postcode": "Postnummer", "phoneNumber": "Telefon", "email": "E-post", "municipality": "Kommun",
	"ssyk": "Yrke", "education": "Utbildning", "grades": "Betyg", "workHistory": "Tidigare arbeten", "skills": "Färdigheter", "jobWishes": "Önskemål om arbete", "motherTongue": "Modersmål",
	"health": "Hälsa", "fund": "Arbetslöshetskassa", "jobSeeker": "Arbetssökande", "registrationDates": "Tider för inskrivning",
	"case-closed": "avslutat", "case-handling": "ärendets handläggning", "decision": "ett beslut", "agreement": "något överenskommet", "follow-up": "uppföljning",
	"marker": "sekretessmarkering", "protectedRegistration": "skyddad folkbokföring", "assumed": "fingerade personuppgifter", "fiNonDisclosure": "spärrmarkering för personlig säkerhet",
	"read": "läste", "write": "skrev", "search": "sökte", "play": "lyssnade", "manage": "hanterade", "allowed": "tilläts", "ok": "tilläts", "granted": "tilläts", "refused": "nekades",
	"denied": "nekades", "forbidden": "nekades", "not-found": "visades inte",
	"unassigned": "inte tilldelad ärendet", "night": "på natten", "sameName": "samma efternamn", "same-name": "samma efternamn", "sameAddress": "samma adress",
	"same-address": "samma adress", "many": "många personer på kort tid", "many-persons": "många personer på kort tid",
	"case.file": "ärende", "case.note": "anteckning", "case.document": "färdig handling", "case.draft": "utkast", "person.identity": "person",
}
