package page

import (
	"net/http"

	"golang.org/x/text/language"
)

// Texts are the words of the pages in one language. A test sees to it that none is missing.
type Texts struct {
	Tag, Other, OtherName                                          string
	Title, Lead, Skip                                              string
	Rule, Promise, Period, Running, Disposed, NextDue, Overdue     string
	Kept, Broken, AtLatest, Notice, AsOf, Simulated                string
	Now, NowLead, Dropped, DroppedLead, Category, Field, Count     string
	Statistics, StatisticsLead, Separated, Present, StatisticsGone string
	Disclosed, DisclosedLead, Decision                             string
	None, Silent, Unknown, ChartOf                                 string
	Months, Days, Weeks, Years, Month, Day, Week, Year             string
	NotStated, NoEnd, Assumed, Weekly, Ordered                     string
	Authority, Records, Units, Today, NoAnswer, NoAnswerLead       string
	Pages, ForOfficers, LogOut, Receipts                           string

	Record   RecordTexts
	Calendar CalendarTexts
	Holds    HoldTexts
	Alarms   AlarmTexts
	Reviews  ReviewTexts
	Policy   PolicyTexts

	// Words are codes in the page's language; a code that is not among them is shown as it is.
	Words map[string]string
}

// Word is a code in the page's language.
func (t Texts) Word(code string) string { return t.word(code) }

func (t Texts) word(code string) string {
	if word := t.Words[code]; word != "" {
		return word
	}
	return code
}

var english = Texts{
	Tag: "en", Other: "sv", OtherName: "Svenska",
	Title: "The promise board", Skip: "Skip to the promises",
	Lead: "Each sentence of the privacy notice that says when something goes, and whether it went.",
	Rule: "Rule", Promise: "Promise", Period: "Kept for", Running: "Running", Disposed: "Destroyed", NextDue: "Next gone from", Overdue: "Overdue",
	Kept: "Every promise is kept: nothing is overdue.", Broken: "Something is overdue.",
	AtLatest: "at the latest", Notice: "The notice", AsOf: "As of", Simulated: "simulated time",
	Now: "What is kept now", NowLead: "Living records by category.", Dropped: "Dropped before anything was written",
	DroppedLead: "Fields that a channel may not keep.", Category: "Category", Field: "Field", Count: "Number",
	Statistics: "Statistics", StatisticsLead: "Rows whose link to their case was destroyed. Nobody can say whose they are.",
	Separated: "Separated", Present: "Of these still kept", StatisticsGone: "Of these destroyed",
	Disclosed: "Disclosed to recipients", DisclosedLead: "By decision and state.", Decision: "Decision",
	None: "none", Silent: "No answer from", Unknown: "Not every service answers: figures marked ? are missing, not zero.",
	ChartOf: "destroyed of all records under this rule",
	Months:  "months", Days: "days", Weeks: "weeks", Years: "years", Month: "month", Day: "day", Week: "week", Year: "year",
	NotStated: "not stated", NoEnd: "no end", Ordered: "on an order", Assumed: "assumed", Weekly: "then the first Monday",
	Authority: "Authority", Records: "Records", Units: "Units", Today: "today",
	NoAnswer: "No answer", NoAnswerLead: "retention-timer, which runs every clock, does not answer. Nothing is lost: look again when it is back.",
	Pages: "Pages", ForOfficers: "For officers", LogOut: "Log out", Receipts: "Check a receipt", Record: englishRecord, Calendar: englishCalendar, Holds: englishHolds, Alarms: englishAlarms, Reviews: englishReviews,
	Policy: englishPolicy, Words: englishWords,
}

var swedish = Texts{
	Tag: "sv", Other: "en", OtherName: "English",
	Title: "Löftestavlan", Skip: "Hoppa till löftena",
	Lead: "Varje mening i integritetsmeddelandet som säger när något ska bort, och om det försvann.",
	Rule: "Regel", Promise: "Löfte", Period: "Bevaras", Running: "Löper", Disposed: "Gallrade", NextDue: "Nästa borta från", Overdue: "Försenade",
	Kept: "Alla löften hålls: inget är försenat.", Broken: "Något är försenat.",
	AtLatest: "senast", Notice: "Meddelandet", AsOf: "Läget", Simulated: "simulerad tid",
	Now: "Vad som finns nu", NowLead: "Levande handlingar per kategori.", Dropped: "Bortsorterat innan något skrevs",
	DroppedLead: "Fält som en kanal inte får bevara.", Category: "Kategori", Field: "Fält", Count: "Antal",
	Statistics: "Statistik", StatisticsLead: "Rader vars koppling till ärendet är förstörd. Ingen kan säga vems de är.",
	Separated: "Avskilda", Present: "Av dem finns kvar", StatisticsGone: "Av dem gallrade",
	Disclosed: "Utlämnat till mottagare", DisclosedLead: "Efter beslut och läge.", Decision: "Beslut",
	None: "inget", Silent: "Inget svar från", Unknown: "Alla tjänster svarar inte: siffror märkta ? saknas, de är inte noll.",
	ChartOf: "gallrade av alla handlingar under regeln",
	Months:  "månader", Days: "dagar", Weeks: "veckor", Years: "år", Month: "månad", Day: "dag", Week: "vecka", Year: "år",
	NotStated: "anges inte", NoEnd: "utan slut", Ordered: "på beslut", Assumed: "antaget", Weekly: "därefter första måndagen",
	Authority: "Myndighet", Records: "Handlingar", Units: "Enheter", Today: "idag",
	NoAnswer: "Inget svar", NoAnswerLead: "retention-timer, som sköter alla frister, svarar inte. Inget är förlorat: titta igen när den är tillbaka.",
	Pages: "Sidor", ForOfficers: "För handläggare", LogOut: "Logga ut", Receipts: "Kontrollera ett kvitto", Record: swedishRecord, Calendar: swedishCalendar, Holds: swedishHolds, Alarms: swedishAlarms, Reviews: swedishReviews,
	Policy: swedishPolicy, Words: swedishWords,
}

var matcher = language.NewMatcher([]language.Tag{language.Swedish, language.English})

// TextsFor picks the language: ?lang= first, then what the browser asks for, then Swedish.
func TextsFor(r *http.Request) Texts {
	tags := []string{r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")}
	if _, i := language.MatchStrings(matcher, tags...); i == 1 {
		return english
	}
	return swedish
}
