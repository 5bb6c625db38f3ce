package verify

// texts are the words of the page in one language.
type texts struct {
	Tag, Other, OtherName, Title, Lead, Skip, Pages, Board     string
	Keep, Download, NoScript                                   string
	Files, FilesHint, Text, TextHint, Key, KeyHint, KeyMissing string
	Witness, WitnessHint, Check, How                           string
	Words                                                      map[string]string // codes that the script shows
}

var languages = map[string]texts{"en": english, "sv": swedish}

var english = texts{
	Tag: "en", Other: "sv", OtherName: "Svenska", Title: "Check a receipt", Skip: "Skip to the check", Pages: "Pages", Board: "The promise board",
	Lead: "A receipt proves that a record was destroyed, or that data were handed out. It is checked here, in your browser, and sent nowhere: " +
		"the page has told the browser to allow it no connection.",
	Keep: "The page works without a network too.", Download: "Save it as a file.",
	NoScript: "This page computes in the browser and needs scripts. `gallra verify` does the same on the command line.",
	Files:    "Receipts, as files", FilesHint: "As many as you like; a receipt has at most 16 KiB.",
	Text: "Or a receipt, as text", TextHint: "Every byte counts, the line break at the end too.",
	Key: "The ledger's public key", KeyMissing: "Paste the key that you were given: NAME+HASH+KEY. This server could not say it just now.",
	KeyHint: "This is what this server says. Compare it with a key that reached you another way: whoever forges a log forges its key.",
	Witness: "A witness's public key", WitnessHint: "If another party signs the log too, and you want its signature to be there. Else leave it empty.",
	Check: "Check", How: "Checked as `gallra verify` does: the form, byte for byte; the Ed25519 signature of the log; the Merkle proof of RFC 6962.",
	Words: map[string]string{
		"verified": "Verified", "refused": "Does not verify", "unable": "Not checked", "pasted": "The pasted text", "nothing": "There is no receipt to check yet.",
		"counted":       "{n} of {all} verify.",
		"why-form":      "It is not in the one form that a receipt has: some byte is not as it would be written.",
		"why-key":       "The public key is not one: NAME+HASH+KEY.",
		"why-signature": "The log was not signed with this key.",
		"why-witness":   "The log was not signed by this witness.",
		"why-proof":     "What the receipt says is not in the log that was signed.",
		"why-unable":    "This browser cannot check Ed25519 signatures, or the page did not come by https. Save the page and open the file, or use `gallra verify`.",
		"unwitnessed":   "Another party has signed too, which was not checked:",
		"is-disposed":   "A record was destroyed. Since the last instant below no copy of it can be opened.",
		"is-delivered":  "Data were handed out to a recipient.",
		"is-sealed":     "A package was sealed for the archive.",
		"is-extract":    "A person was given what is kept about them.",
		"record":        "Record", "authority": "Authority", "category": "Category", "rule": "Rule", "trigger": "Counted from", "due-on": "Gone from",
		"due-at": "Due at", "removed-at": "Readers lost it at", "unrecoverable-at": "Unrecoverable since", "policy": "Policy version",
		"commitment": "Commitment", "disclosure": "Disclosure", "recipient": "Recipient", "fields": "Fields", "decision": "Decision",
		"delivered-at": "Delivered at", "package": "Package", "archive": "Archive", "records": "Records", "sealed-at": "Sealed at", "extract": "Extract",
		"issued-at": "Issued at",
	},
}

var swedish = texts{
	Tag: "sv", Other: "en", OtherName: "English", Title: "Kontrollera ett kvitto", Skip: "Hoppa till kontrollen", Pages: "Sidor", Board: "Löftestavlan",
	Lead: "Ett kvitto bevisar att en handling har förstörts eller att uppgifter har lämnats ut. Det kontrolleras här i din webbläsare och skickas " +
		"ingenstans: sidan har sagt åt webbläsaren att inte tillåta den någon anslutning.",
	Keep: "Sidan fungerar även utan nät.", Download: "Spara den som fil.",
	NoScript: "Sidan räknar i webbläsaren och behöver skript. `gallra verify` gör samma sak på kommandoraden.",
	Files:    "Kvitton, som filer", FilesHint: "Hur många som helst; ett kvitto är högst 16 KiB.",
	Text: "Eller ett kvitto, som text", TextHint: "Varje byte räknas, även radbrytningen på slutet.",
	Key: "Liggarens publika nyckel", KeyMissing: "Klistra in nyckeln som du har fått: NAMN+HASH+NYCKEL. Servern kunde inte ange den just nu.",
	KeyHint: "Så här anger servern den. Jämför med en nyckel som du har fått på annat sätt: den som förfalskar en liggare förfalskar dess nyckel.",
	Witness: "Ett vittnes publika nyckel", WitnessHint: "Om även en annan part signerar liggaren och du vill att den signaturen ska finnas. Lämna annars tomt.",
	Check: "Kontrollera", How: "Kontrolleras som `gallra verify` gör: formen, byte för byte; liggarens Ed25519-signatur; Merklebeviset enligt RFC 6962.",
	Words: map[string]string{
		"verified": "Stämmer", "refused": "Stämmer inte", "unable": "Inte kontrollerat", "pasted": "Den inklistrade texten", "nothing": "Det finns inget kvitto att kontrollera än.",
		"counted":       "{n} av {all} stämmer.",
		"why-form":      "Det har inte den enda form som ett kvitto har: någon byte är inte som den skulle skrivas.",
		"why-key":       "Den publika nyckeln är ingen nyckel: NAMN+HASH+NYCKEL.",
		"why-signature": "Liggaren har inte signerats med den här nyckeln.",
		"why-witness":   "Liggaren har inte signerats av det här vittnet.",
		"why-proof":     "Det som kvittot säger finns inte i liggaren som signerades.",
		"why-unable":    "Webbläsaren kan inte kontrollera Ed25519-signaturer, eller så kom sidan inte över https. Spara sidan och öppna filen, eller använd `gallra verify`.",
		"unwitnessed":   "Även en annan part har signerat, vilket inte kontrollerades:",
		"is-disposed":   "En handling har förstörts. Sedan den sista tidpunkten nedan kan ingen kopia av den öppnas.",
		"is-delivered":  "Uppgifter har lämnats ut till en mottagare.",
		"is-sealed":     "Ett paket har förseglats för arkivet.",
		"is-extract":    "En person har fått ut det som finns om den.",
		"record":        "Handling", "authority": "Myndighet", "category": "Kategori", "rule": "Regel", "trigger": "Räknat från", "due-on": "Borta från",
		"due-at": "Förföll", "removed-at": "Borta för läsare", "unrecoverable-at": "Kan inte återställas sedan", "policy": "Regelverkets version",
		"commitment": "Åtagande", "disclosure": "Utlämnande", "recipient": "Mottagare", "fields": "Fält", "decision": "Beslut",
		"delivered-at": "Utlämnat", "package": "Paket", "archive": "Arkiv", "records": "Handlingar", "sealed-at": "Förseglat", "extract": "Registerutdrag",
		"issued-at": "Utfärdat",
	},
}
