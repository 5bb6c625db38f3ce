package page

// RecordTexts are the words of a record's timeline.
type RecordTexts struct {
	Nav, Title, Lead, Label, Hint, Show                             string
	Timeline, AsTable, Trail, TrailLead, Record, Kind, State        string
	CaseType, Collected, PolicyVersion, What, From, LastDay, Gone   string
	At, Because                                                     string
	Decides, GoneFrom, Until                                        string
	Destroyed, Promised, Earliest, KeptForever, Idle, Waiting       string
	PausedBy, Declined, OverdueBecause, Erased                      string
	Extension, Floor, Hold, Bound, Transfer, ReviewBy, Released     string
	StillOpen, NotFound, NotFoundLead, NoClock, NoTrail, Limit, Due string
}

var englishRecord = RecordTexts{
	Nav: "A record", Title: "A record's timeline", Lead: "Until when a record is kept, and why. Ids, rules and dates; nothing about a person.",
	Label: "The record's id", Hint: "as in a receipt, or in the answer that its creator got", Show: "Show",
	Timeline: "The timeline", AsTable: "The same as a table", Trail: "What moved the day", TrailLead: "Each event that made the day be worked out anew, oldest first.",
	Record: "Record", Kind: "Kind", State: "State", CaseType: "Case type", Collected: "Collected on", PolicyVersion: "Policy version",
	What: "What", From: "Counted from", LastDay: "Last day", Gone: "Gone from", At: "At", Because: "Because of",
	Decides: "decides", GoneFrom: "gone from", Until: "until",
	Destroyed: "Destroyed.", Promised: "is the day from which it is gone, by", Earliest: "The earliest of the limits that run decides.",
	KeptForever: "It is preserved: nobody may delete it before it is sealed to the archive.",
	Idle:        "It has no day yet: nothing has begun that a period is counted from.",
	Erased:      "Somebody has ordered its erasure, by",
	Waiting:     "was its day, and it waits.", PausedBy: "Destruction is paused by:", Declined: "Its holder last declined because:", OverdueBecause: "Its day lay behind when it was worked out:",
	Extension: "Kept longer, as decided for this one", Floor: "Nobody may delete it before", Hold: "Hold", Bound: "Outer bound by law", Transfer: "To the archive",
	ReviewBy: "to be reviewed by", Released: "released", StillOpen: "not released",
	NotFound: "No record has this id", NotFoundLead: "Or it was never here. Look at the id again: 32 digits and letters a to f, in five groups.",
	NoClock: "No clock runs for this record.", NoTrail: "Nothing has moved its day.", Limit: "Limit", Due: "Day",
}

var swedishRecord = RecordTexts{
	Nav: "En handling", Title: "En handlings tidslinje", Lead: "Hur länge en handling bevaras, och varför. Nummer, regler och datum; ingenting om en person.",
	Label: "Handlingens id", Hint: "som i ett kvitto, eller i svaret till den som lämnade in den", Show: "Visa",
	Timeline: "Tidslinjen", AsTable: "Samma sak som tabell", Trail: "Vad som flyttade dagen", TrailLead: "Varje händelse som fick dagen att räknas om, äldst först.",
	Record: "Handling", Kind: "Slag", State: "Läge", CaseType: "Ärendetyp", Collected: "Insamlad", PolicyVersion: "Regelversion",
	What: "Vad", From: "Räknas från", LastDay: "Sista dag", Gone: "Borta från", At: "När", Because: "På grund av",
	Decides: "avgör", GoneFrom: "borta från", Until: "till",
	Destroyed: "Gallrad.", Promised: "är dagen från vilken den är borta, enligt", Earliest: "Den tidigaste av de frister som löper avgör.",
	KeptForever: "Den bevaras: ingen får gallra den innan den är förseglad till arkivet.",
	Idle:        "Den har ingen dag ännu: inget har börjat som en frist räknas från.",
	Erased:      "Någon har beslutat att den ska raderas, enligt",
	Waiting:     "var dess dag, och den väntar.", PausedBy: "Gallringen är pausad av:", Declined: "Den som har den avböjde senast därför att:", OverdueBecause: "Dess dag var redan förbi när den räknades ut:",
	Extension: "Bevaras längre enligt ett beslut om just denna", Floor: "Ingen får gallra före", Hold: "Spärr", Bound: "Lagens yttersta gräns", Transfer: "Till arkivet",
	ReviewBy: "ska omprövas senast", Released: "hävd", StillOpen: "inte hävd",
	NotFound: "Ingen handling har detta id", NotFoundLead: "Eller så har den aldrig funnits här. Se på id:t igen: 32 siffror och bokstäver a till f, i fem grupper.",
	NoClock: "Ingen frist löper för denna handling.", NoTrail: "Inget har flyttat dess dag.", Limit: "Gräns", Due: "Dag",
}
