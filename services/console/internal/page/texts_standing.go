package page

// CalendarTexts are the words of the due calendar.
type CalendarTexts struct{ Nav, Title, Lead, Nothing, ChartOf, Month, Table, Highest string }

// HoldTexts are the words of the holds.
type HoldTexts struct {
	Nav, Title, Lead, None, Late, Scope, Target, Reason, Placed, Review, Hold, How string
}

// AlarmTexts are the words of the alarms.
type AlarmTexts struct{ Nav, Title, Lead, None, Some, Name, Subject, Raised string }

// ReviewTexts are the words of the lists that wait for an approval.
type ReviewTexts struct {
	Nav, Title, Lead, None, Month, First, Last, Hash, How string
}

var englishCalendar = CalendarTexts{
	Nav: "Due calendar", Title: "What goes when", Lead: "Records that go in each of the next 36 months, by category, if nothing happens to them.",
	Nothing: "Nothing goes in these months.", ChartOf: "records that go, month by month", Month: "Month", Table: "The same as a table", Highest: "highest month",
}

var swedishCalendar = CalendarTexts{
	Nav: "Gallringskalender", Title: "Vad som gallras när", Lead: "Handlingar som gallras under var och en av de kommande 36 månaderna, per kategori, om inget händer med dem.",
	Nothing: "Inget gallras under de här månaderna.", ChartOf: "handlingar som gallras, månad för månad", Month: "Månad", Table: "Samma sak som tabell", Highest: "högsta månaden",
}

var englishHolds = HoldTexts{
	Nav: "Holds", Title: "Holds", Lead: "What pauses destruction, and when somebody must look at it again. A hold that nobody reviews stays and is told of.",
	None: "Nothing is held.", Late: "past its review", Scope: "Scope", Target: "Target", Reason: "Reason", Placed: "Placed on", Review: "Review by", Hold: "Hold",
	How: "A hold is placed, renewed and released by a records manager:",
}

var swedishHolds = HoldTexts{
	Nav: "Spärrar", Title: "Spärrar", Lead: "Vad som pausar gallringen, och när någon måste se på det igen. En spärr som ingen omprövar står kvar och larmas om.",
	None: "Inget är spärrat.", Late: "omprövningen är försenad", Scope: "Omfattning", Target: "Gäller", Reason: "Skäl", Placed: "Satt", Review: "Omprövas senast", Hold: "Spärr",
	How: "En spärr sätts, förnyas och hävs av en arkivarie:",
}

var englishAlarms = AlarmTexts{
	Nav: "Alarms", Title: "Alarms", Lead: "What stands open until its cause is gone.", None: "No alarm stands open.", Some: "Somebody must look at this.",
	Name: "Alarm", Subject: "About", Raised: "Since",
}

var swedishAlarms = AlarmTexts{
	Nav: "Larm", Title: "Larm", Lead: "Vad som står öppet tills orsaken är borta.", None: "Inget larm står öppet.", Some: "Någon måste se på detta.",
	Name: "Larm", Subject: "Gäller", Raised: "Sedan",
}

var englishReviews = ReviewTexts{
	Nav: "Reviews", Title: "Disposal reviews", Lead: "Lists that a records manager approves before they go. After the last ceiling they go without an approval.",
	None: "Nothing waits for a review.", Month: "Month", First: "First due", Last: "Last ceiling", Hash: "List", How: "Approve exactly this list:",
}

var swedishReviews = ReviewTexts{
	Nav: "Granskning", Title: "Granskning före gallring", Lead: "Listor som en arkivarie godkänner innan de gallras. Efter den sista yttersta dagen gallras de utan godkännande.",
	None: "Inget väntar på granskning.", Month: "Månad", First: "Första dag", Last: "Yttersta dag", Hash: "Lista", How: "Godkänn just denna lista:",
}
